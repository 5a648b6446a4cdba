import type { Progress } from '../../src/base/progress';
import { Button, ProgressRing } from '../kit';

/** `Planning the arena… 2 of 3` */
export const stepText = ({ stage, done, total }: Progress): string => `${stage}…${done === undefined ? '' : ` ${done}${total === undefined ? '' : ` of ${total}`}`}`;

export const LoadingBar = ({ step, onCancel }: { readonly step: Progress; readonly onCancel: () => void }) => (
  <div class="loading" role="status">
    <ProgressRing label="Loading" />
    <span class="small-text">{stepText(step)}</span>
    <span class="grow" />
    <Button onClick={onCancel}>Cancel</Button>
  </div>
);

const widths = [120, 170, 90, 140, 160, 110, 130, 100] as const;

/** Grey only where a value will stand. */
export const Skeleton = () => (
  <div aria-hidden="true">
    <section class="budgets">
      {['Peak RAM', 'Flash', 'MACs', 'Parameters'].map((title) => (
        <div class="budget" key={title}><h3>{title}</h3><div class="skeleton figure-room" /><div class="skeleton track" /></div>
      ))}
    </section>
    <div class="skeleton-rows">
      {widths.map((width, i) => (
        <div class="row" key={i}>
          <span class="skeleton" style={{ width: '16px' }} />
          <span class="skeleton" style={{ width: `${width}px` }} />
          <span class="grow" />
          <span class="skeleton" style={{ width: '64px' }} />
          <span class="skeleton" style={{ width: '50px' }} />
        </div>
      ))}
    </div>
  </div>
);

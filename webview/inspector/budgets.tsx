import type { BudgetView } from '../../src/messages/inspector';
import { Basis, Icon } from '../kit';

/** The limit stands here on the track, so that an overflow is visible to scale. */
const LIMIT_AT = 80;

const fillClass = { plain: 'fill', fits: 'fill', near: 'fill near', over: 'fill over' } as const;

const Track = ({ budget, ratio }: { readonly budget: BudgetView; readonly ratio: number }) => (
  <div class="track" role="meter" aria-label={budget.title} aria-valuemin={0} aria-valuemax={Math.max(100, Math.round(ratio * 100))} aria-valuenow={Math.round(ratio * 100)} aria-valuetext={`${budget.value} ${budget.unit}`}>
    <b class={fillClass[budget.state]} style={{ width: `${Math.min(ratio, 1) * LIMIT_AT}%` }} />
    {ratio > 1 && <s style={{ left: `${LIMIT_AT}%`, width: `${Math.min((ratio - 1) * LIMIT_AT, 100 - LIMIT_AT)}%` }} />}
    <u style={{ left: `${LIMIT_AT}%` }} />
  </div>
);

/** `Time per inference`; where there is little room `Time`. */
const Title = ({ text }: { readonly text: string }) => {
  const [what, ...per] = text.split(/(?= per )/);
  return <>{what}{per.length > 0 && <span class="wide-only">{per.join('')}</span>}</>;
};

type OnSet = ((resource: NonNullable<BudgetView['settable']>) => void) | undefined;

const Budget = ({ budget, onSet }: { readonly budget: BudgetView; readonly onSet: OnSet }) => (
  <div class="budget" data-budget={budget.id} title={budget.tooltip}>
    <div class="row"><h3 class="grow"><Title text={budget.title} /></h3><Basis basis={budget.basis} /></div>
    <div class={`figure${budget.state === 'over' ? ' error' : ''}`}>
      {budget.state === 'over' && <Icon small name="error" />}
      <span>{budget.value}</span> <small>{budget.unit}</small>
    </div>
    {budget.ratio !== undefined && <Track budget={budget} ratio={budget.ratio} />}
    <div class="dim small-text note">
      {budget.emphasis && (
        <strong class={budget.state === 'over' ? 'error' : ''}>
          {budget.state === 'near' && <Icon small name="warning" />}{budget.emphasis}
          {' · '}
        </strong>
      )}
      {budget.note}
      {budget.settable && onSet && <> · <button type="button" class="link" aria-label={`Set a budget for ${budget.title}`} onClick={() => onSet(budget.settable!)}>Set a budget</button></>}
    </div>
  </div>
);

/** The strip of totals; `onSet` where budgets may be written. */
export const Budgets = ({ budgets, onSet }: { readonly budgets: readonly BudgetView[]; readonly onSet: OnSet }) => (
  <section class="budgets" aria-label="Totals">{budgets.map((budget) => <Budget key={budget.id} budget={budget} onSet={onSet} />)}</section>
);

import { useState } from 'preact/hooks';
import { Console } from './console';
import type { DeviceHistory } from './history';
import { Log } from './log';
import { Matrix } from './matrix';
import { Saturation } from './saturation';
import { Series } from './series';

const names = ['Log', 'Series', 'Confusion', 'Saturation', 'Console'] as const;
type TabName = (typeof names)[number];

/** Below the chart: the log, whatever series the board prints, the ranges of its layers, and its text. */
export const Tabs = ({ history, onSend }: { readonly history: DeviceHistory; readonly onSend: (text: string) => void }) => {
  const [chosen, choose] = useState<TabName>(() => (history.predictions.length === 0 && history.series.length > 0 ? 'Series' : 'Log'));
  const move = (event: KeyboardEvent): void => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined) return;
    const next = names[(names.indexOf(chosen) + by + names.length) % names.length];
    choose(next);
    (event.currentTarget as HTMLElement).querySelector<HTMLElement>(`[data-tab="${next}"]`)?.focus();
  };
  return (
    <section class="tabs-area">
      <div class="tabs" role="tablist" aria-label="More of this run" onKeyDown={move}>
        {names.map((name) => (
          <button key={name} type="button" role="tab" data-tab={name} aria-selected={name === chosen} tabIndex={name === chosen ? 0 : -1} class={name === chosen ? 'chosen' : ''} onClick={() => choose(name)}>
            {name}{name === 'Series' && history.series.length > 0 ? <span class="dim"> {history.series.length}</span> : null}
          </button>
        ))}
      </div>
      {chosen === 'Log' && <Log history={history} />}
      {chosen === 'Series' && <Series history={history} />}
      {chosen === 'Confusion' && <Matrix history={history} />}
      {chosen === 'Saturation' && <Saturation layers={history.layers} />}
      {chosen === 'Console' && <Console history={history} onSend={onSend} />}
    </section>
  );
};

import { formatCount, formatPercent } from '../../src/base/units';
import type { CompareView, IntervalView, RecallView } from '../../src/messages/compare';
import { Name } from '../kit/name';

const percent = (share: number): string => (share * 100).toFixed(0);

/** Both accuracies with their intervals on one axis; only where both were measured on the same samples. */
export const AccuracySide = ({ accuracy }: { readonly accuracy: NonNullable<CompareView['accuracy']> }) => {
  const { before, after } = accuracy;
  const low = Math.max(0, Math.floor((Math.min(before.low, after.low) - 0.01) * 100) / 100);
  const high = Math.min(1, Math.ceil((Math.max(before.high, after.high) + 0.01) * 100) / 100);
  const x = (share: number): number => 60 + ((share - low) / (high - low || 1)) * 280;
  const ticks = [0, 1, 2, 3, 4].map((i) => low + ((high - low) * i) / 4);
  const line = (side: IntervalView, y: number, name: string) => (
    <g class={`interval ${name}`}>
      <text x={0} y={y + 4}>{name}</text>
      <line x1={x(side.low)} x2={x(side.high)} y1={y} y2={y} />
      <line x1={x(side.low)} x2={x(side.low)} y1={y - 5} y2={y + 5} />
      <line x1={x(side.high)} x2={x(side.high)} y1={y - 5} y2={y + 5} />
      <circle cx={x(side.share)} cy={y} r={5} />
    </g>
  );
  return (
    <aside class="accuracy" aria-label="Accuracy">
      <h2>Accuracy with 95 % interval</h2>
      <svg width="360" height="92" viewBox="0 0 360 92" role="img" aria-label={`Before ${before.text}, after ${after.text}`}>
        {ticks.map((tick) => <g key={tick}><line class="grid-line" x1={x(tick)} x2={x(tick)} y1={6} y2={66} /><text text-anchor="middle" x={x(tick)} y={84}>{percent(tick)}</text></g>)}
        {line(before, 22, 'before')}
        {line(after, 48, 'after')}
      </svg>
      <p class="dim small-text">{before.text} before, {after.text} after. {accuracy.text}</p>
      {accuracy.recall.classes.length > 0 && <Recall recall={accuracy.recall} />}
    </aside>
  );
};

/** A scale of whole tenths that holds all shares. */
function scaleOf(classes: RecallView['classes']): readonly [low: number, high: number] {
  const least = classes.reduce((min, { before, after }) => Math.min(min, before, after), 1);
  return [Math.min(0.9, Math.floor(least * 10) / 10), 1];
}

/** Recall of each class before and after as two dots on one scale, worst first. */
const Recall = ({ recall: { classes, more } }: { readonly recall: RecallView }) => {
  const [low, high] = scaleOf(classes);
  const at = (share: number): string => `${((share - low) / (high - low)) * 100}%`;
  const ticks = [low, (low + high) / 2, high];
  return (
    <>
      <h2 id="recall">Recall by class</h2>
      <table class="recall small-text" aria-labelledby="recall">
        <thead><tr><th scope="col">Class</th><th scope="col" class="right">Samples</th><th scope="col" class="ticks"><span class="visually-hidden">Before and after</span><span aria-hidden="true">{ticks.map((tick) => <i key={tick} style={{ left: at(tick) }}>{(tick * 100).toFixed(0)}</i>)}</span></th><th scope="col" class="right">Points</th></tr></thead>
        <tbody>
          {classes.map((one) => (
            <tr key={one.label}>
              <th scope="row"><Name text={one.label} /></th>
              <td class="right dim">{formatCount(one.total)}</td>
              <td title={`${formatPercent(one.before)} before, ${formatPercent(one.after)} after`}>
                <span class="visually-hidden">{formatPercent(one.before)} before, {formatPercent(one.after)} after</span>
                <span class={`dots ${one.direction}`} aria-hidden="true">
                  <s style={{ left: at(Math.min(one.before, one.after)), right: `calc(100% - ${at(Math.max(one.before, one.after))})` }} />
                  <u style={{ left: at(one.before) }} />
                  {one.direction !== 'same' && <b style={{ left: at(one.after) }} />}
                </span>
              </td>
              <td class="right">{one.change === '0' ? <span class="dim">0</span> : <strong>{one.change}</strong>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="dim small-text recall-legend" aria-hidden="true"><span><i class="was" />before</span><span><i class="better" />after, better</span><span><i class="worse" />after, worse</span>{more > 0 && <span>{formatCount(more)} more that lost less</span>}</p>
    </>
  );
};

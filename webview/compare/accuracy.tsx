import type { CompareView, IntervalView } from '../../src/messages/compare';

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
      <svg width="360" height="92" role="img" aria-label={`Before ${before.text}, after ${after.text}`}>
        {ticks.map((tick) => <g key={tick}><line class="grid-line" x1={x(tick)} x2={x(tick)} y1={6} y2={66} /><text text-anchor="middle" x={x(tick)} y={84}>{percent(tick)}</text></g>)}
        {line(before, 22, 'before')}
        {line(after, 48, 'after')}
      </svg>
      <p class="dim small-text">{before.text} before, {after.text} after. {accuracy.text}</p>
    </aside>
  );
};

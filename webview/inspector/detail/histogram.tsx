import { useRef } from 'preact/hooks';
import { formatCount, formatPercent } from '../../../src/base/units';
import type { WeightDetailView } from '../../../src/messages/inspector';
import { useSize } from '../../shell/use-size';
import { realText } from './charts';

const MARGIN = { left: 52, right: 6, top: 26, bottom: 20 };
const HEIGHT = 190;
/** About the width of one character of a strong 11 px label. */
const PX_PER_CHARACTER = 7;

/** How the weights are spread, zeros apart: a bin of them would hide the others, so that they are stated. */
export const Histogram = ({ weights }: { readonly weights: WeightDetailView }) => {
  const ref = useRef<HTMLDivElement>(null);
  const { width } = useSize(ref);
  const { counts, from, to, unit } = weights.histogram;
  const most = counts.reduce((top, count) => Math.max(top, count), 1);
  const bottom = HEIGHT - MARGIN.bottom;
  const step = Math.max(0, width - MARGIN.left - MARGIN.right) / counts.length;
  const at = (value: number): number => MARGIN.left + ((value - from) / (to - from || 1)) * step * counts.length;
  const binWidth = (to - from) / counts.length;
  const text = (value: number): string => (unit === 'code' ? String(Math.round(value)).replace('-', '−') : realText(value));
  const share = weights.zeros / Math.max(1, weights.elements);
  const zeroAt = from <= 0 && to >= 0 ? at(unit === 'code' ? 0.5 : 0) : undefined;
  const words = `${formatCount(weights.elements - weights.zeros)} of ${formatCount(weights.elements)} weights are not zero, from ${realText(weights.min)} to ${realText(weights.max)}.`;
  const zeroText = `0: ${formatCount(weights.zeros)} (${formatPercent(share)}), not in the bars`;
  const zeroWidth = zeroText.length * PX_PER_CHARACTER;
  const flip = zeroAt !== undefined && zeroAt + zeroWidth > width && zeroAt > zeroWidth;
  // Where it fits on neither side it ends with the chart.
  const zeroTextAt = zeroAt === undefined ? 0 : flip ? zeroAt - 6 : Math.min(zeroAt + 6, width - zeroWidth);
  return (
    <div class="chart" ref={ref}>
      <svg width={width} height={HEIGHT} role="img" aria-label={`Histogram of weights in ${counts.length} bins. ${words} ${formatPercent(share)} are zero.`}>
        {[most, most / 2].map((count) => {
          const y = bottom - (count / most) * (bottom - MARGIN.top);
          return (
            <g key={count}>
              <line class="grid-line" x1={MARGIN.left} x2={width - MARGIN.right} y1={y} y2={y} />
              <text text-anchor="end" x={MARGIN.left - 6} y={y + 4}>{formatCount(Math.round(count))}</text>
            </g>
          );
        })}
        {counts.map((count, i) => {
          const height = count ? Math.max(1, (count / most) * (bottom - MARGIN.top)) : 0;
          return (
            <rect key={i} class="bar-data" x={MARGIN.left + i * step + 0.5} y={bottom - height} width={Math.max(0.5, step - 1)} height={height}>
              <title>{`${text(from + i * binWidth)} to ${text(from + (i + 1) * binWidth - (unit === 'code' ? 1 : 0))}: ${formatCount(count)}`}</title>
            </rect>
          );
        })}
        {zeroAt !== undefined && weights.zeros > 0 && (
          <g class="zero-mark">
            <line x1={zeroAt} x2={zeroAt} y1={6} y2={bottom} />
            <text text-anchor={flip ? 'end' : 'start'} x={zeroTextAt} y={14}>{zeroText}</text>
          </g>
        )}
        <text text-anchor="start" x={MARGIN.left} y={HEIGHT - 5}>{text(from)}</text>
        {zeroAt !== undefined && zeroAt > MARGIN.left + 50 && zeroAt < width - 70 && <text text-anchor="middle" x={zeroAt} y={HEIGHT - 5}>0</text>}
        <text text-anchor="end" x={width - MARGIN.right} y={HEIGHT - 5}>{text(unit === 'code' ? to - 1 : to)}</text>
      </svg>
      <p class="dim small-text">{unit === 'code' ? `${weights.text.split(' ')[1]} code${binWidth > 1 ? `, ${Math.round(binWidth)} codes a bar` : ''}. ` : ''}{words}</p>
    </div>
  );
};

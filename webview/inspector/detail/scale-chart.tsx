import { useRef } from 'preact/hooks';
import { formatCount } from '../../../src/base/units';
import { useSize } from '../../shell/use-size';
import { channelTicks, logTicks, realText, scaleFacts } from './charts';

interface ScaleChartProps {
  /** One number a channel: its scale, or its largest weight. */
  readonly values: readonly number[];
  /** 0: all weights of the channel are zero. */
  readonly alive: readonly number[];
  readonly name: string;
  readonly zeroPoints?: readonly number[];
}

const MARGIN = { left: 52, right: 6, top: 8, bottom: 20 };
const HEIGHT = 190;
const HOLLOW_PX = 5;

/** A bar a channel on a logarithmic axis: it explains what a single scale for all of them would lose. Channels without weights are hollow. */
export const ScaleChart = ({ values, alive, name, zeroPoints }: ScaleChartProps) => {
  const ref = useRef<HTMLDivElement>(null);
  const { width } = useSize(ref);
  const facts = scaleFacts(values, alive);
  const [low, high] = [facts.low / 1.6, facts.high * 1.1];
  const bottom = HEIGHT - MARGIN.bottom;
  const y = (value: number): number => bottom - (Math.log(value / low) / Math.log(high / low || 2)) * (bottom - MARGIN.top);
  const step = Math.max(0, width - MARGIN.left - MARGIN.right) / Math.max(1, values.length);
  const x = (channel: number): number => MARGIN.left + channel * step;
  const bar = Math.max(0.6, Math.min(14, step * 0.72));
  const words = `${formatCount(facts.used)} in use${facts.used > 1 ? `, widest to narrowest ${(facts.high / facts.low).toFixed(1)} : 1` : ''}.${facts.dead ? ` Hollow: ${formatCount(facts.dead)} with all weights zero.` : ''}`;
  return (
    <div class="chart" ref={ref}>
      <svg width={width} height={HEIGHT} role="img" aria-label={`${name} of ${values.length} channels. ${words}`}>
        {logTicks(low, high).map(({ value, text }) => (
          <g key={value}>
            <line class="grid-line" x1={MARGIN.left} x2={width - MARGIN.right} y1={y(value)} y2={y(value)} />
            <text text-anchor="end" x={MARGIN.left - 6} y={y(value) + 4}>{text}</text>
          </g>
        ))}
        {values.map((value, channel) =>
          alive[channel] && value > 0 ? (
            <rect key={channel} class="bar-data" x={x(channel) + (step - bar) / 2} y={y(value)} width={bar} height={Math.max(1, bottom - y(value))}>
              <title>{`channel ${channel}: ${realText(value)}${zeroPoints && zeroPoints[channel] ? `, zero point ${zeroPoints[channel]}` : ''}`}</title>
            </rect>
          ) : (
            <rect key={channel} class="bar-hollow" x={x(channel) + (step - bar) / 2} y={bottom - HOLLOW_PX} width={bar} height={HOLLOW_PX}><title>{`channel ${channel}: all weights zero`}</title></rect>
          ),
        )}
        {channelTicks(values.length).map((channel, i, all) => (
          <text key={channel} text-anchor={i === all.length - 1 && all.length > 1 ? 'end' : 'middle'} x={i === all.length - 1 && all.length > 1 ? width - MARGIN.right : x(channel) + step / 2} y={HEIGHT - 5}>{channel}</text>
        ))}
      </svg>
      <p class="dim small-text">{words}</p>
    </div>
  );
};

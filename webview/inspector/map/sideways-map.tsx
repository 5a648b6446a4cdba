import { useMemo, useRef } from 'preact/hooks';
import { formatBytes, formatCount } from '../../../src/base/units';
import type { ArenaView } from '../../../src/messages/inspector';
import { axisOf, blocksOf, boxLabels, labelWidth, overlapsOf, roundStep, runsOf, tickText, type Box } from './geometry';
import { Hatch } from './hatch';
import { blockTitle, boundText, mapSummary } from './memory-map';
import { useSize } from '../../shell/use-size';

interface SidewaysMapProps {
  readonly arena: ArenaView;
  readonly steps: number;
  readonly selected: number | null;
  /** Step that the pointer rests on in another view. */
  readonly preview?: number | null;
  readonly onSelect: (step: number) => void;
  /** Block in front, by its place in `blocksOf`, where tensors can be chosen. */
  readonly tensor?: number;
  readonly onTensor?: (block: number) => void;
  /** With names inside the blocks, and the bound. */
  readonly large?: boolean;
}

const MARGIN = { left: 44, right: 12, top: 16, bottom: 18 };
const LABELS_AT_MOST = 12;

/** The same picture turned on its side, for narrow panes and for a table that is sorted or filtered: steps from left to right. */
export const SidewaysMap = ({ arena, steps, selected, preview, onSelect, tensor, onTensor, large }: SidewaysMapProps) => {
  const ref = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(ref);
  const blocks = useMemo(() => blocksOf(arena, steps), [arena, steps]);
  const overlaps = useMemo(() => overlapsOf(blocks), [blocks]);
  const axis = useMemo(() => axisOf(arena), [arena]);
  const right = Math.max(MARGIN.left, width - MARGIN.right);
  const bottom = Math.max(MARGIN.top, height - MARGIN.bottom);
  const x = (step: number): number => MARGIN.left + (step / Math.max(1, steps)) * (right - MARGIN.left);
  const y = (bytes: number): number => bottom - (bytes / axis.maxBytes) * (bottom - MARGIN.top);
  const every = roundStep(steps, LABELS_AT_MOST);
  const over = arena.limitBytes !== undefined && arena.bytes > arena.limitBytes;
  const peak = runsOf(arena.peakSteps)[0];
  const peakText = `peak ${formatCount(arena.bytes)} B`;
  const peakAtEnd = peak !== undefined && x(peak.first) > width / 2;
  const limitText = axis.limitBytes === undefined ? '' : `${formatBytes(axis.limitBytes)} limit`;
  /** Room of a line of text whose foot stands at `foot`. */
  const room = (text: string, foot: number, left: number): Box => ({ left, width: labelWidth(text), top: foot - 12, height: 15 });
  const texts = [
    ...(peak ? [room(peakText, y(arena.bytes) - 5, peakAtEnd ? x(peak.last + 1) - labelWidth(peakText) : x(peak.first))] : []),
    ...(axis.limitBytes === undefined ? [] : [room(limitText, y(axis.limitBytes) - 4, right - labelWidth(limitText))]),
  ];
  const named = useMemo(() => (large && width > 0 ? boxLabels(blocks.map(({ tensor: { name, bytes }, first, last, start, end }) => ({ left: x(first), width: x(last + 1) - x(first), top: y(end), height: y(start) - y(end), lines: [name, formatCount(bytes)] })), texts) : []), [large, arena, steps, width, height]);
  return (
    <figure class={`sideways-map${large ? ' large' : ''}`}>
      <figcaption><b>Arena over layers</b> <span class="dim">{axis.unit}, {boundText(arena)}</span></figcaption>
      <div ref={ref}>
        <svg class="map-drawing" role="img" aria-label={mapSummary(arena)} width={width} height={height}>
          <Hatch id="side-hatch" />
          {axis.ticks.map((bytes) => (
            <g key={bytes}>
              <line class="grid-line" x1={MARGIN.left} x2={right} y1={y(bytes)} y2={y(bytes)} />
              <text class="tick" text-anchor="end" x={MARGIN.left - 6} y={y(bytes) + 4}>{tickText(bytes, axis.unit)}</text>
            </g>
          ))}
          {selected !== null && <rect class="map-selected" x={x(selected)} y={MARGIN.top} width={Math.max(1, x(selected + 1) - x(selected))} height={bottom - MARGIN.top} />}
          {preview !== null && preview !== undefined && <rect class="map-preview" x={x(preview)} y={MARGIN.top} width={Math.max(1, x(preview + 1) - x(preview))} height={bottom - MARGIN.top} />}
          {blocks.map((block, i) => (
            <rect
              key={`${block.tensor.name}@${block.first}`}
              class={`block ${block.odd ? 'odd' : 'even'}${i === tensor ? ' current' : ''}${selected !== null && block.first <= selected && block.last >= selected ? ' lit' : ''}`}
              x={x(block.first) + 0.5}
              y={y(block.end)}
              width={Math.max(1, x(block.last + 1) - x(block.first) - 1)}
              height={Math.max(1, y(block.start) - y(block.end))}
              rx={2}
              onMouseDown={() => (onTensor ? onTensor(i) : onSelect(block.first))}
            >
              <title>{blockTitle(block)}</title>
            </rect>
          ))}
          {overlaps.map((area) => (
            <rect
              key={`${area.first}-${area.start}`}
              class="overlap"
              fill="url(#side-hatch)"
              x={x(area.first) + 1}
              y={y(area.end)}
              width={Math.max(1, x(area.last + 1) - x(area.first) - 2)}
              height={Math.max(1, y(area.start) - y(area.end))}
            />
          ))}
          {named.map(({ box, lines }) => lines.map((line, i) => <text key={`${box} ${i}`} class="inside" x={x(blocks[box].first) + 5} y={y(blocks[box].end) + 14 * (i + 1)}>{line}</text>))}
          {arena.liveBoundBytes > 0 && (
            <g class="bound">
              <line x1={MARGIN.left} x2={right} y1={y(arena.liveBoundBytes)} y2={y(arena.liveBoundBytes)} />
              {large && <text text-anchor="end" x={right} y={y(arena.liveBoundBytes) - 4}>bound {formatCount(arena.liveBoundBytes)} B</text>}
            </g>
          )}
          {axis.limitBytes !== undefined && (
            <g>
              <line class="limit-line" x1={MARGIN.left} x2={right} y1={y(axis.limitBytes)} y2={y(axis.limitBytes)} />
              <text class="limit-text" text-anchor="end" x={right} y={y(axis.limitBytes) - 4}>{limitText}</text>
            </g>
          )}
          {peak && (
            <g class={over ? 'peak over' : 'peak'}>
              <rect x={x(peak.first)} y={y(arena.bytes) - 1} width={Math.max(2, x(peak.last + 1) - x(peak.first))} height={2} />
              <text text-anchor={peakAtEnd ? 'end' : 'start'} x={peakAtEnd ? x(peak.last + 1) : x(peak.first)} y={y(arena.bytes) - 5}>{peakText}</text>
            </g>
          )}
          {Array.from({ length: Math.ceil(steps / every) }, (_, i) => i * every).map((step) => (
            <text key={step} class="tick" text-anchor="middle" x={(x(step) + x(step + 1)) / 2} y={height - 4}>{step}</text>
          ))}
        </svg>
      </div>
    </figure>
  );
};

import { useMemo, useRef } from 'preact/hooks';
import { formatBytes, formatCount } from '../../../src/base/units';
import type { ArenaView } from '../../../src/messages/inspector';
import { ROW_PX } from '../../kit/use-virtual-rows';
import { axisOf, blocksOf, inRows, labelsOf, overlapsOf, runsOf, tickText, type Block } from './geometry';
import { Hatch } from './hatch';
import { useSize } from '../../shell/use-size';

interface MemoryMapProps {
  readonly arena: ArenaView;
  readonly steps: number;
  /** Rows in sight: only their tensors are drawn. */
  readonly first: number;
  readonly last: number;
  readonly selected: number | null;
  /** Step that the pointer rests on in another view. */
  readonly preview?: number | null;
  readonly onSelect: (step: number) => void;
  /** Bytes of the arena if no output lay over an input; absent until it is known. */
  readonly apartBytes?: number;
}

const labelOf = (block: Block): string => `${block.tensor.name} ${formatCount(block.tensor.bytes)}`;

export const blockTitle = ({ tensor, first, last }: Block): string =>
  `${tensor.name} (${tensor.role})\n${formatCount(tensor.bytes)} B at ${formatCount(tensor.offset)}\n${first === last ? `step ${first}` : `steps ${first} to ${last}`}`;

/** The arena over the steps: addresses across, one row per layer, aligned with the table's rows. */
export const MemoryMap = ({ arena, steps, first, last, selected, preview, onSelect, apartBytes }: MemoryMapProps) => {
  const ref = useRef<HTMLDivElement>(null);
  const { width } = useSize(ref);
  const blocks = useMemo(() => blocksOf(arena, steps), [arena, steps]);
  const overlaps = useMemo(() => overlapsOf(blocks), [blocks]);
  const axis = useMemo(() => axisOf(arena), [arena]);
  const peaks = useMemo(() => runsOf(arena.peakSteps), [arena]);
  const summary = useMemo(() => mapSummary(arena), [arena]);
  const drawWidth = Math.max(0, width - 52); // room for the word `peak` and labels at the right end
  const pxPerByte = drawWidth / axis.maxBytes;
  const x = (bytes: number): number => 10 + bytes * pxPerByte;
  const shown = inRows(blocks, first, last);
  // Beside a peak the word `peak` stands.
  const labels = labelsOf(shown, labelOf, pxPerByte, (row) => (peaks.some((run) => row >= run.first && row <= run.last) ? arena.bytes * pxPerByte : drawWidth));
  const over = arena.limitBytes !== undefined && arena.bytes > arena.limitBytes;
  const height = steps * ROW_PX;
  return (
    <div class="memory-map" ref={ref}>
      <div class="map-axis" aria-hidden="true">
        {axis.ticks.map((bytes, i) => (
          <span key={bytes} style={{ left: `${x(bytes)}px` }}>{tickText(bytes, axis.unit)}{i === 0 ? ` ${axis.unit}` : ''}</span>
        ))}
        {axis.limitBytes !== undefined && <span class="limit" style={{ left: `clamp(48px, ${x(axis.limitBytes)}px, 100% - 48px)` }}>{formatBytes(axis.limitBytes)} limit</span>}
      </div>
      <svg class="map-drawing" role="img" aria-label={summary} width={width} height={height}>
        <Hatch id="map-hatch" />
        {axis.ticks.map((bytes) => <line key={bytes} class="grid-line" x1={x(bytes)} x2={x(bytes)} y1={first * ROW_PX} y2={(last + 1) * ROW_PX} />)}
        {selected !== null && selected >= first && selected <= last && <rect class="map-selected" x={0} y={selected * ROW_PX} width={width} height={ROW_PX} />}
        {preview !== null && preview !== undefined && <rect class="map-preview" x={0} y={preview * ROW_PX} width={width} height={ROW_PX} />}
        {shown.map((block) => (
          <rect
            key={`${block.tensor.name}@${block.first}`}
            class={`block ${block.odd ? 'odd' : 'even'}${selected !== null && block.first <= selected && block.last >= selected ? ' lit' : ''}`}
            x={x(block.start)}
            y={block.first * ROW_PX + 0.5}
            width={Math.max(1, (block.end - block.start) * pxPerByte)}
            height={(block.last - block.first + 1) * ROW_PX - 1}
            rx={2}
            onMouseDown={() => onSelect(block.first)}
          >
            <title>{blockTitle(block)}</title>
          </rect>
        ))}
        {inRows(overlaps, first, last).map((area) => (
          <rect
            key={`${area.first}-${area.start}`}
            class="overlap"
            fill="url(#map-hatch)"
            x={x(area.start)}
            y={area.first * ROW_PX + 1}
            width={Math.max(1, (area.end - area.start) * pxPerByte)}
            height={(area.last - area.first + 1) * ROW_PX - 2}
          />
        ))}
        {labels.map(({ block, text, place, at }) => <text key={`${block.tensor.name}@${block.first}`} class={place} x={10 + at + 5} y={block.first * ROW_PX + 14}>{text}</text>)}
        {arena.liveBoundBytes > 0 && <g class="bound"><line x1={x(arena.liveBoundBytes)} x2={x(arena.liveBoundBytes)} y1={first * ROW_PX} y2={(last + 1) * ROW_PX}><title>{`No plan of this order needs less than ${formatCount(arena.liveBoundBytes)} B`}</title></line></g>}
        {axis.limitBytes !== undefined && <line class="limit-line" x1={x(axis.limitBytes)} x2={x(axis.limitBytes)} y1={first * ROW_PX} y2={(last + 1) * ROW_PX} />}
        {inRows(peaks, first, last).map((run) => (
          <g key={run.first} class={over ? 'peak over' : 'peak'}>
            <rect x={x(arena.bytes) - 1} y={run.first * ROW_PX + 1} width={2} height={(run.last - run.first + 1) * ROW_PX - 2} />
            <text x={x(arena.bytes) + 5} y={((run.first + run.last + 1) / 2) * ROW_PX + 4}>peak</text>
          </g>
        ))}
      </svg>
      <div class="map-foot">
        <span><b>Arena</b> {formatCount(arena.bytes)} B</span>
        {apartBytes !== undefined && apartBytes > arena.bytes && <span class="dim">without overwriting {formatCount(apartBytes)} B</span>}
        <span class="dim bound-text" title={boundText(arena)}>{boundText(arena)}</span>
      </div>
    </div>
  );
};

export const boundText = (arena: ArenaView): string =>
  arena.bytes <= arena.liveBoundBytes ? 'the least for this order' : `at least ${formatCount(arena.liveBoundBytes)} B in this order`;

/** More would only be read out. */
const NAMED_PEAKS = 4;

export const mapSummary = (arena: ArenaView): string =>
  `Arena over the layers: ${arena.tensors.length} tensors, peak ${formatCount(arena.bytes)} bytes at ${arena.peakSteps.length === 1 ? 'layer' : 'layers'} ${arena.peakSteps.slice(0, NAMED_PEAKS).join(', ')}${arena.peakSteps.length > NAMED_PEAKS ? ' and others' : ''}`;

import { useMemo, useRef, useState } from 'preact/hooks';
import { formatChange, formatCount, formatDecimals } from '../../src/base/units';
import type { CompareView, DeltaView, PairView } from '../../src/messages/compare';
import { rowAfterKey } from '../kit/row-keys';
import { useVirtualRows } from '../kit/use-virtual-rows';
import { Name } from '../kit/name';
import { useSize } from '../shell/use-size';

const ROW_PX = 40;
const PINNED_PX = 24;
/** Below these widths shapes, then ops, then bars go; numbers never. */
const OUTPUT_FROM = 800;
const OP_FROM = 700;
const BARS_FROM = 860;

interface PairTableProps {
  readonly view: CompareView;
  readonly onlyChanged: boolean;
  readonly onOpen: (side: 'before' | 'after', layer: number) => void;
  readonly onCopy: (text: string) => void;
  /** Takes what goes to the next layer that differs. */
  readonly stepRef: { current: (by: 1 | -1) => void };
}

type Cost = 'macs' | 'flashBytes' | 'ramBytes' | 'timeUs';
const titles: Readonly<Record<Cost, readonly [title: string, unit: string]>> = { macs: ['MACs', ''], flashBytes: ['Flash', 'B'], ramBytes: ['RAM', 'B'], timeUs: ['Time', 'ms'] };

const valueText = (cost: Cost, value: number | null): string => (value === null ? 'unknown' : cost === 'timeUs' ? formatDecimals(value / 1000, 2) : formatCount(value));
const changeText = (cost: Cost, change: number | null): string => (change === null ? '' : cost === 'timeUs' ? formatChange(change / 1000, 2) : formatChange(change));

/** Layers of both models in one table: now, and how much it changed, with bars from a shared zero. */
export const PairTable = ({ view, onlyChanged, onOpen, onCopy, stepRef }: PairTableProps) => {
  const scroller = useRef<HTMLDivElement>(null);
  const { width } = useSize(scroller);
  const rows = useMemo(() => (onlyChanged ? view.pairs.filter((pair) => pair.changed) : view.pairs), [view, onlyChanged]);
  const [selected, setSelected] = useState(-1);
  const virtual = useVirtualRows(rows.length, () => scroller.current, 0, () => {}, { rowPx: ROW_PX, pinnedPx: PINNED_PX });
  const costs = (['macs', 'flashBytes', 'ramBytes', 'timeUs'] as const).filter((cost) => cost !== 'timeUs' || view.hasTimes);
  const bars = width === 0 || width >= BARS_FROM;
  const costsPx = useMemo(() => costs.reduce((sum, cost) => sum + valuePx(view, cost) + changePx(view, cost), 0), [view]);
  const left = width - costsPx - INDEX_PX - NAME_PX - PADDING_PX;
  const op = width === 0 || (width >= OP_FROM && left >= OP_PX);
  const shown = { op, output: width === 0 || (op && width >= OUTPUT_FROM && left >= OP_PX + outputPx(view)) };
  const largest = useMemo(() => Object.fromEntries(costs.map((cost) => [cost, view.pairs.reduce((most, pair) => Math.max(most, Math.abs(pair[cost].change ?? 0)), 0)])), [view]);
  // Bars end at one line: the shared zero beside the numbers.
  const numbers = useMemo(() => Object.fromEntries(costs.map((cost) => [cost, `${Math.ceil(view.pairs.reduce((most, pair) => Math.max(most, changeText(cost, pair[cost].change).length), 1) * PX_PER_CHARACTER)}px`])) as Partial<Record<Cost, string>>, [view]);
  const template = useMemo(() => templateOf(view, costs, shown, bars), [view, shown.output, shown.op, bars]);
  const open = (pair: PairView): void => (pair.after !== null ? onOpen('after', pair.after) : pair.before !== null ? onOpen('before', pair.before) : undefined);
  const keyDown = (event: KeyboardEvent): void => {
    const next = rowAfterKey(event.key, selected, rows.length, virtual.pageRows);
    const row = rows[selected];
    if (next !== undefined) {
      setSelected(next);
      virtual.scrollTo(next);
    } else if (event.key === 'Enter' && row) open(row);
    else if (event.key.toLowerCase() === 'c' && (event.ctrlKey || event.metaKey) && row) onCopy(tsvOf(row, costs));
    else return;
    event.preventDefault();
  };
  stepRef.current = (by) => {
    const next = nextDifference(rows, selected, by);
    if (next === undefined) return;
    setSelected(next);
    virtual.scrollTo(next);
  };
  const cells = (pair: PairView) =>
    costs.map((cost) => <DeltaCells key={cost} cost={cost} delta={pair[cost]} scale={largest[cost]} bars={bars} width={numbers[cost]!} />);
  return (
    <div class="pair-scroll" ref={scroller}>
      <div class="pair-table" role="grid" tabIndex={0} aria-label="Layers of both models" aria-rowcount={rows.length + 2} aria-activedescendant={selected >= 0 ? `pair-${selected}` : undefined} style={{ '--columns': template }} onKeyDown={keyDown}>
        <div class="pair-row pair-head" role="row" aria-rowindex={1}>
          <div role="columnheader" class="cell right">#</div>
          <div role="columnheader" class="cell left">Layer</div>
          {shown.op && <div role="columnheader" class="cell left">Op</div>}
          {shown.output && <div role="columnheader" class="cell left">Output</div>}
          {costs.map((cost) => [
            <div key={cost} role="columnheader" class="cell right"><span>{titles[cost][0]}{titles[cost][1] && <em> {titles[cost][1]}</em>}</span></div>,
            <div key={`${cost} change`} role="columnheader" class="cell right">Change</div>,
          ])}
        </div>
        <div class="pair-body" role="rowgroup" style={{ height: `${virtual.totalPx}px` }}>
          {virtual.items.map(({ index }) => {
            const pair = rows[index];
            if (!pair) return null;
            return (
              <div key={index} id={`pair-${index}`} role="row" aria-rowindex={index + 2} aria-selected={index === selected} class={`pair-row${index === selected ? ' selected' : ''}${pair.before === null || pair.after === null ? ' alone' : ''}`} style={{ transform: `translateY(${index * ROW_PX}px)` }} onMouseDown={() => setSelected(index)} onDblClick={() => open(pair)}>
                <div role="gridcell" class="cell right dim">{pair.after ?? ''}</div>
                <div role="gridcell" class="cell left name-cell" title={`${pair.tooltip}\nmatched ${pair.matched}`}>
                  <Name text={pair.name} title="" />
                  {(pair.before === null || pair.after === null) && <small class="dim">{pair.matched}</small>}
                </div>
                {shown.op && <div role="gridcell" class="cell left c-op" title={pair.op}>{pair.op}</div>}
                {shown.output && <div role="gridcell" class="cell left dim" title={pair.output}>{pair.output}</div>}
                {cells(pair)}
              </div>
            );
          })}
        </div>
        <div class="pair-row pair-total" role="row" aria-rowindex={rows.length + 2}>
          <div role="gridcell" class="cell" />
          <div role="gridcell" class="cell left">Total</div>
          {shown.op && <div role="gridcell" class="cell" />}
          {shown.output && <div role="gridcell" class="cell" />}
          {costs.map((cost) => [
            <div key={cost} role="gridcell" class="cell right">{cost === 'ramBytes' ? 'peak ' : ''}{valueText(cost, view.totals[cost].value)}</div>,
            <div key={`${cost} change`} role="gridcell" class="cell right">{changeText(cost, view.totals[cost].change)}</div>,
          ])}
        </div>
        {!rows.length && <p class="no-rows dim">No layer differs.</p>}
      </div>
    </div>
  );
};

const DeltaCells = ({ cost, delta: { value, change }, scale, bars, width }: { readonly cost: Cost; readonly delta: DeltaView; readonly scale: number; readonly bars: boolean; readonly width: string }) => (
  <>
    <div role="gridcell" class={`cell right${value === 0 ? ' dim' : ''}`}>{valueText(cost, value)}</div>
    <div role="gridcell" class="cell right change">
      {bars && <span class="delta-room">{change !== null && change !== 0 && <b class={change < 0 ? 'less' : 'more'} style={{ width: `${(Math.abs(change) / (scale || 1)) * 100}%` }} />}</span>}
      <span class={`number${change ? '' : ' dim'}`} style={{ minWidth: width }}>{changeText(cost, change)}</span>
    </div>
  </>
);

/** Place of the next row that differs, in either direction. */
export function nextDifference(rows: readonly Pick<PairView, 'changed'>[], at: number, by: 1 | -1): number | undefined {
  for (let i = at + by; i >= 0 && i < rows.length; i += by) if (rows[i].changed) return i;
  return undefined;
}

const PX_PER_CHARACTER = 7.7;
/** Room that a bar asks for beside its number; it takes more where there is more. */
const LEAST_BAR_PX = 12;
const INDEX_PX = 40;
/** Where there is no room for bars; with bars a name has more. */
const NAME_PX = 96;
const OP_PX = 112;
const PADDING_PX = 14;

/** Widths that keep numbers whole, whatever a row holds. */
function templateOf(view: CompareView, costs: readonly Cost[], shown: { readonly op: boolean; readonly output: boolean }, bars: boolean): string {
  return [
    `${INDEX_PX}px`, bars ? 'minmax(128px, 3fr)' : `minmax(${NAME_PX}px, 3fr)`, ...(shown.op ? [`minmax(${OP_PX}px, 1fr)`] : []), ...(shown.output ? [`${outputPx(view)}px`] : []),
    ...costs.flatMap((cost) => [`${valuePx(view, cost)}px`, bars ? `minmax(${changePx(view, cost) + LEAST_BAR_PX}px, 1fr)` : `${changePx(view, cost)}px`]),
  ].join(' ');
}

const px = (texts: readonly string[], least: number): number => Math.ceil(texts.reduce((most, text) => Math.max(most, text.length), least) * PX_PER_CHARACTER + 14);
const rowsOf = (view: CompareView): readonly Readonly<Record<Cost, DeltaView>>[] => [...view.pairs, view.totals];
const valuePx = (view: CompareView, cost: Cost): number => px(rowsOf(view).map((row) => `${cost === 'ramBytes' && row === view.totals ? 'peak ' : ''}${valueText(cost, row[cost].value)}`), 6);
const changePx = (view: CompareView, cost: Cost): number => px(rowsOf(view).map((row) => changeText(cost, row[cost].change)), 6);
const outputPx = (view: CompareView): number => px(view.pairs.map((pair) => pair.output), 8);

const tsvOf = (pair: PairView, costs: readonly Cost[]): string => [pair.after ?? '', pair.name, pair.op, pair.output, ...costs.flatMap((cost) => [pair[cost].value ?? 'unknown', pair[cost].change ?? '']), pair.matched].join('\t');

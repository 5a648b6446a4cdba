import { formatChange, formatCount, formatPercent, formatShape } from '../../base/units';
import { isChanged } from '../../engine/cost/compare';
import type { ComparedAccuracy, ComparedClass, ComparedLayer, ComparedTotal, CompareReport, MatchedBy } from '../../engine/cost/compare-report';
import { compareSentence } from '../../engine/cost/compare-sentence';
import type { LayerReport } from '../../engine/cost/report';
import { shortName } from '../../engine/cost/short-name';
import type { CompareView, DeltaView, Direction, IntervalView, PairView, RecallView, TileView } from '../../messages/compare';
import { formatName } from './inspector';

/** Totals that get a tile; the others are in the export. */
const tiles: readonly ComparedTotal['id'][] = ['macs', 'flashBytes', 'ramBytes', 'timeUs', 'fileBytes'];
const TILES_AT_MOST = 4;
/** Of a thousand classes those are listed that lost most. */
const CLASSES_AT_MOST = 40;

export interface CompareLabels {
  readonly before: string;
  readonly after: string;
  readonly board?: string;
  /** Both can be run on samples. */
  readonly measurable?: boolean;
}

/** The engine's comparison as its panel shows it. */
export function presentComparison(report: CompareReport, labels: CompareLabels): CompareView {
  const { before, after } = report;
  return {
    beforeName: labels.before,
    afterName: labels.after,
    sentence: compareSentence(report),
    subtitle: `${[formatName(before.format), before.arithmetic].join(' ')} → ${[formatName(after.format), after.arithmetic].join(' ')} · ${labels.board ?? 'portable C'}`,
    tiles: [...tilesOf(report), ...accuracyTile(report.accuracy)],
    pairs: report.layers.map(pairOf),
    totals: { macs: totalDelta(report, 'macs'), flashBytes: totalDelta(report, 'weightBytes'), ramBytes: totalDelta(report, 'ramBytes'), timeUs: totalDelta(report, 'timeUs') },
    hasTimes: report.totals.some(({ id }) => id === 'timeUs'),
    matchedText: `${formatCount(report.matched)} of ${formatCount(report.layers.length)} layers matched, ${formatCount(report.changed)} ${report.changed === 1 ? 'differs' : 'differ'}`,
    note: noteOf(report),
    ...(report.accuracy ? { accuracy: accuracyOf(report.accuracy) } : {}),
    ...(labels.measurable ? { measurable: true } : {}),
  };
}

const noteOf = ({ before, after }: CompareReport): string =>
  before.lowerBound || after.lowerBound
    ? 'Some layers are not counted: totals are lower bounds, and no difference of totals is claimed.'
    : 'MACs and RAM are exact. Flash: weights as packed are exact, code is modelled; the columns of the table are weights only. RAM of a layer is what is alive while it runs.';

function tilesOf({ totals }: CompareReport): readonly TileView[] {
  return tiles.flatMap((id) => totals.filter((total) => total.id === id)).slice(0, TILES_AT_MOST).map(tileOf);
}

const numberOf = ({ id }: ComparedTotal, value: number | null): string => (value === null ? 'unknown' : id === 'timeUs' ? (value / 1000).toPrecision(3) : formatCount(value));

function tileOf(total: ComparedTotal): TileView {
  const { id, title, unit, before, after, change, basis } = total;
  const share = change !== null && before ? change / before : null;
  return {
    id, title, basis, unit, value: numberOf(total, after), was: `was ${numberOf(total, before)}`,
    change: share === null ? '' : share === 0 ? 'same' : share >= 2 ? `× ${(share + 1).toFixed(1)}` : `${formatChange(share * 100, 1)} %`,
    direction: directionOf(change),
  };
}

export const directionOf = (change: number | null): Direction => (change === null ? 'unknown' : change < 0 ? 'better' : change > 0 ? 'worse' : 'same');

const shareText = ({ right, total }: { readonly right: number; readonly total: number }): string => formatPercent(right / total);

function accuracyTile(accuracy: ComparedAccuracy | undefined): readonly TileView[] {
  if (!accuracy) return [];
  const { before, after, changed } = accuracy;
  const points = (after.right / after.total - before.right / before.total) * 100;
  return [{
    id: 'accuracy', title: `Accuracy, ${formatCount(after.total)} samples`, basis: 'measured',
    value: shareText(after), unit: `${formatCount(after.right)} right`, was: `was ${shareText(before)}`,
    change: `${formatChange(points, 1)} points${changed ? ` · ${changed.worse} lost, ${changed.better} won` : ''}`,
    direction: directionOf(-points),
  }];
}

const intervalOf = (side: ComparedAccuracy['before']): IntervalView => ({ text: `${formatPercent(side.low)} – ${formatPercent(side.high)}`, share: side.right / side.total, low: side.low, high: side.high });

function accuracyOf({ before, after, changed, mcnemar, classes }: ComparedAccuracy): NonNullable<CompareView['accuracy']> {
  const paired = changed ? ` On the same samples ${formatCount(changed.worse)} became wrong and ${formatCount(changed.better)} right${mcnemar === undefined ? '' : `: p = ${mcnemar.toFixed(2)} (exact McNemar)${mcnemar >= 0.05 ? ', so that chance alone may explain it' : ''}`}.` : '';
  return { before: intervalOf(before), after: intervalOf(after), text: `95 % intervals after Wilson.${paired}`, recall: recallOf(classes ?? []) };
}

/** Classes whose recall changed most for the worse first; those that gained most stand last. */
function recallOf(classes: readonly ComparedClass[]): RecallView {
  const sorted = [...classes].sort((a, b) => (a.after - a.before) / a.total - (b.after - b.before) / b.total);
  return {
    classes: sorted.slice(0, CLASSES_AT_MOST).map(({ label, total, before, after }) => ({
      label, total, before: before / total, after: after / total, change: before === after ? '0' : formatChange(((after - before) / total) * 100, 1), direction: directionOf(before - after),
    })),
    more: Math.max(0, sorted.length - CLASSES_AT_MOST),
  };
}

function totalDelta({ totals }: CompareReport, id: ComparedTotal['id']): DeltaView {
  const total = totals.find((known) => known.id === id);
  return { value: total?.after ?? null, change: total?.change ?? null };
}

const matchTexts: Readonly<Record<MatchedBy, string>> = { name: 'by name', shape: 'by op and shape', position: 'by op and position' };

const both = (before: string | undefined, after: string | undefined): string => (before === undefined || after === undefined || before === after ? (after ?? before ?? '') : `${before} → ${after}`);

/** `1×6×6×128→60` where one extent differs, else both shapes. */
export function outputOf(before: readonly number[] | undefined, after: readonly number[] | undefined): string {
  if (!before || !after) return formatShape((after ?? before)!);
  const differing = after.filter((extent, i) => extent !== before[i]).length;
  if (before.length !== after.length || differing > 1) return both(formatShape(before), formatShape(after));
  return differing ? after.map((extent, i) => (extent === before[i] ? formatShape([extent]) : `${formatShape([before[i]])}→${formatShape([extent])}`)).join('×') : formatShape(after);
}

function pairOf(pair: ComparedLayer): PairView {
  const { before, after, by, change } = pair;
  const shown = (after ?? before)!;
  const delta = (value: (layer: LayerReport) => number | undefined, difference: number | null): DeltaView => ({ value: shown.counted ? (value(shown) ?? null) : null, change: difference });
  return {
    before: before?.index ?? null,
    after: after?.index ?? null,
    name: shortName(shown.name),
    tooltip: `${both(before?.name, after?.name)}\n${both(before && formatShape(before.outputShape), after && formatShape(after.outputShape))}`,
    op: both(before?.label, after?.label),
    output: outputOf(before?.outputShape, after?.outputShape),
    family: shown.family,
    matched: by ? matchTexts[by] : after ? 'only after' : 'only before',
    changed: isChanged(pair),
    macs: delta((l) => l.macs, change.macs),
    flashBytes: delta((l) => l.weightBytes, change.weightBytes),
    ramBytes: delta((l) => l.liveBytes, change.liveBytes),
    timeUs: delta((l) => l.timeUs, change.timeUs),
  };
}

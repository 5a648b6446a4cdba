import type { ComparedAccuracy, ComparedLayer, ComparedTotal, CompareReport } from './compare-report';
import { matchLayers } from './match-layers';
import type { Basis, InspectReport, LayerReport } from './report';

export interface CompareOptions {
  /** Only where both models were run on the same samples. */
  readonly accuracy?: ComparedAccuracy;
}

const weakness: Readonly<Record<Basis, number>> = { exact: 0, measured: 1, modelled: 2 };
const weaker = (a: Basis, b: Basis): Basis => (weakness[a] >= weakness[b] ? a : b);

interface TotalKind {
  readonly id: ComparedTotal['id'];
  readonly title: string;
  readonly unit: string;
  readonly value: (report: InspectReport) => number;
  readonly basis: (report: InspectReport) => Basis;
  /** Does not depend on layers being understood. */
  readonly always?: true;
}

const exact = (): Basis => 'exact';

const totalKinds: readonly TotalKind[] = [
  { id: 'macs', title: 'MACs', unit: '', value: ({ totals }) => totals.macs, basis: ({ totals }) => totals.basis.macs },
  { id: 'flashBytes', title: 'Flash', unit: 'B', value: ({ totals }) => totals.flashBytes, basis: ({ totals }) => totals.basis.flashBytes },
  { id: 'ramBytes', title: 'Peak RAM', unit: 'B', value: ({ totals }) => totals.ramBytes, basis: ({ totals }) => totals.basis.ramBytes },
  { id: 'weightBytes', title: 'Weights', unit: 'B', value: ({ totals }) => totals.weightBytes, basis: ({ totals }) => totals.basis.weightBytes },
  { id: 'params', title: 'Parameters', unit: '', value: ({ totals }) => totals.params, basis: exact },
  { id: 'fileBytes', title: 'File', unit: 'B', value: ({ model }) => model.fileBytes, basis: exact, always: true },
];

/**
 * Two models side by side: what `after` costs more or less than `before`, in all and layer by layer. Bytes are those of the
 * generated C, as both reports have them. Where a side is a lower bound its totals are kept, but no difference is claimed.
 */
export function compareReports(before: InspectReport, after: InspectReport, options: CompareOptions = {}): CompareReport {
  const layers = comparedLayers(before.layers, after.layers);
  return {
    schema: 'tinyml-compare/1',
    before: modelOf(before),
    after: modelOf(after),
    totals: [...totalKinds.map((kind) => totalOf(kind, before, after)), ...timeTotal(before, after)],
    layers,
    matched: layers.filter((layer) => layer.by !== undefined).length,
    changed: layers.filter(isChanged).length,
    ...(options.accuracy ? { accuracy: options.accuracy } : {}),
  };
}

const modelOf = ({ model, totals }: InspectReport): CompareReport['before'] => ({ ...model, layers: totals.layers, lowerBound: totals.lowerBound });

function totalOf({ id, title, unit, value, basis, always }: TotalKind, before: InspectReport, after: InspectReport): ComparedTotal {
  const isKnown = always === true || (!before.totals.lowerBound && !after.totals.lowerBound);
  return { id, title, unit, before: value(before), after: value(after), change: isKnown ? value(after) - value(before) : null, basis: weaker(basis(before), basis(after)) };
}

/** The time of one inference, where it is known on both sides; it is never more than modelled. */
function timeTotal({ time: before }: InspectReport, { time: after }: InspectReport): readonly ComparedTotal[] {
  if (!before || !after) return [];
  const change = before.lowerBound || after.lowerBound ? null : after.us - before.us;
  return [{ id: 'timeUs', title: 'Time', unit: 'ms', before: before.us, after: after.us, change, basis: 'modelled' }];
}

function comparedLayers(before: readonly LayerReport[], after: readonly LayerReport[]): readonly ComparedLayer[] {
  const found: ComparedLayer[] = [];
  let [a, b] = [0, 0];
  const skipTo = (toBefore: number, toAfter: number): void => {
    for (; a < toBefore; a++) found.push(comparedLayer({ before: before[a] }));
    for (; b < toAfter; b++) found.push(comparedLayer({ after: after[b] }));
  };
  for (const match of matchLayers(before, after)) {
    skipTo(match.before, match.after);
    found.push(comparedLayer({ before: before[a++], after: after[b++], by: match.by }));
  }
  skipTo(before.length, after.length);
  return found;
}

function comparedLayer(pair: Pick<ComparedLayer, 'before' | 'after' | 'by'>): ComparedLayer {
  const { before, after } = pair;
  const change = (value: (layer: LayerReport) => number): number | null => (before?.counted && after?.counted ? value(after) - value(before) : null);
  return { ...pair, change: { macs: change((l) => l.macs), weightBytes: change((l) => l.weightBytes), liveBytes: change((l) => l.liveBytes), timeUs: timeChange(pair) } };
}

/** Times are known only where a board is chosen and the kernels were counted. */
const timeChange = ({ before, after }: Pick<ComparedLayer, 'before' | 'after'>): number | null =>
  before?.timeUs === undefined || after?.timeUs === undefined ? null : after.timeUs - before.timeUs;

/** Something about the layer differs that a person would want to see. */
export function isChanged({ before, after, change }: ComparedLayer): boolean {
  if (!before || !after) return true;
  if (before.label !== after.label || before.dtype !== after.dtype || before.counted !== after.counted) return true;
  return before.outputShape.join() !== after.outputShape.join() || [change.macs, change.weightBytes, change.liveBytes].some((value) => value !== null && value !== 0);
}

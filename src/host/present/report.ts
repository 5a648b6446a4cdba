import type { Accuracy, CompressReport, LayerChoice, LayerErrorReport, WorstLayer } from '../../app/engine-contract';
import { stepNames } from '../../app/compress/steps';
import type { LayerForm } from '../../engine/compress/plan';
import { formatBytes, formatCount, formatPercent, formatTimeUs } from '../../base/units';
import { howOfTotals } from '../../engine/cost/how';
import type { TimeReport } from '../../engine/cost/report';
import type { ConfusionView, FactView, PlacesView, RemedyView, ReportLayerView, ReportView } from '../../messages/report';

const baseName = (file: string): string => file.split(/[\\/]/).pop() ?? file;
const share = ({ right, total }: Accuracy): number => (total ? right / total : 0);
const formText = ({ activations, weights }: LayerForm): string => (activations === weights ? activations : `${weights} weights, ${activations} activations`);
const points = (change: number): string => (Math.abs(change) * 100).toFixed(1);

const remedyText = ({ form, ranges }: WorstLayer['remedies'][number]): string => (ranges ? `${formText(form)}, range by ${ranges}` : formText(form));

/** A loss of more points than these is a warning. */
const TOLERATED_POINTS = 0.01;
/** Mistakes that are told by name. */
const NEWS = 5;

/** A report as the panel shows it. */
export function reportView(report: CompressReport): ReportView {
  const { before, after, method, labels = [] } = report;
  return {
    file: baseName(report.out),
    about: [
      ...report.steps.map(({ kind, measure, ...step }) => `${stepNames[kind]}: ${measure} ${formatPercent(1 - step.after / step.before)} less`),
      ...(report.kind && method ? [`${report.kind}, ranges by ${method.ranges}${method.steps.length ? `, ${method.steps.join(', ')}` : ''}`] : []),
      `from ${baseName(report.source)}`,
      report.calibration === 'data' ? `${formatCount(report.calibrationSamples)} calibration samples` : 'no data: ranges are estimates',
    ].join(' · '),
    verdict: verdictOf(report),
    facts: [
      ...(after.accuracy ? [accuracyFact(before.accuracy, after.accuracy)] : report.outputs ? [likenessFact(report.outputs)] : []),
      { ...bytesFact('Flash', before.flashBytes, after.flashBytes, 'modelled'), how: howOfTotals.flashBytes },
      bytesFact('RAM', before.ramBytes, after.ramBytes, 'exact'),
      ...(after.time ? [timeFact(before.time, after.time)] : []),
      { name: 'Multiplications', value: formatCount(after.macs), unit: 'MACs', note: after.macs === before.macs ? 'no change' : `was ${formatCount(before.macs)} · ${change(before.macs, after.macs)}`, basis: 'exact', ...toneOf(after.macs - before.macs) },
    ],
    remedies: report.worst.flatMap((layer) => remedyViews(layer, report)).sort((a, b) => b.gain - a.gain),
    ...placesOf(report),
    layers: [...report.layers].sort(byGain(report.worst)).map(layerView),
    trials: [...report.steps.flatMap((step) => step.trials), ...(method?.trials ?? [])].map((trial) => ({ step: trial.step, distance: trial.divergence.toPrecision(3), right: trial.right === undefined ? '' : formatCount(trial.right), kept: trial.kept })),
    distanceOf: method?.divergenceOf === 'noise share' ? 'noise in the outputs, as a share of their power' : 'distance of the class probabilities, in nats',
    ...(report.confusion && after.accuracy && before.accuracy ? { confusion: confusionView(report.confusion, before.accuracy, after.accuracy, labels) } : {}),
    problems: report.problems.filter(({ severity }) => severity !== 'info'),
  };
}

function verdictOf({ before, after, outputs, changed, mcnemar }: CompressReport): ReportView['verdict'] {
  if (before.accuracy && after.accuracy) {
    const lost = share(before.accuracy) - share(after.accuracy);
    const chance = mcnemar !== undefined && changed && mcnemar > 0.05 ? ', within chance' : '';
    if (lost > TOLERATED_POINTS) return { tone: 'warn', text: `Accuracy fell by ${points(lost)} points${chance}` };
    if (lost > 0) return { tone: 'good', text: `Accuracy fell by only ${points(lost)} points${chance}` };
    return { tone: 'good', text: lost < 0 ? `Accuracy rose by ${points(lost)} points${chance}` : 'Accuracy is the same' };
  }
  return { tone: 'info', text: outputs ? 'Accuracy unknown: no labelled test samples' : 'Accuracy was not measured' };
}

function accuracyFact(before: Accuracy | undefined, after: Accuracy): FactView {
  const note = `${before ? `was ${formatPercent(share(before))} · ` : ''}95 % interval ${(after.low * 100).toFixed(1)}–${formatPercent(after.high).replace(' ', ' ')}`;
  return { name: 'Accuracy', value: (100 * share(after)).toFixed(1), unit: `% · ${formatCount(after.right)} of ${formatCount(after.total)}`, note, basis: 'measured', ...(before ? toneOf(share(before) - share(after)) : {}) };
}

const likenessFact = ({ meanCosine, leastCosine, samples }: NonNullable<CompressReport['outputs']>): FactView =>
  ({ name: 'Cosine of outputs', value: meanCosine.toFixed(4), unit: '', note: `least ${leastCosine.toFixed(4)} of ${formatCount(samples)} test samples`, basis: 'measured' });

function bytesFact(name: string, before: number, after: number, basis: FactView['basis']): FactView {
  const [value, unit] = formatBytes(after).split(' ');
  return { name, value, unit, note: before === after ? 'no change' : `was ${formatBytes(before)} · ${change(before, after)}`, basis, ...toneOf(after - before) };
}

function timeFact(before: TimeReport | undefined, after: TimeReport): FactView {
  const [value, unit] = formatTimeUs(after.us).split(' ');
  const bound = after.lowerBound || before?.lowerBound ? ' · at least: some kernels were never counted' : '';
  return { name: 'Time', value, unit, note: `${before ? `was ${formatTimeUs(before.us)} · ${change(before.us, after.us)}` : ''}${bound}`, basis: after.basis, how: after.how.join('\n'), ...(before ? toneOf(after.us - before.us) : {}) };
}

const toneOf = (more: number): { tone?: 'better' | 'worse' } => (more === 0 ? {} : { tone: more < 0 ? 'better' : 'worse' });
const change = (before: number, after: number): string => `${after < before ? '−' : '+'}${formatPercent(Math.abs(after - before) / (before || 1))}`;
const signed = (bytes: number): string => (bytes === 0 ? 'no change' : `${bytes < 0 ? '−' : '+'}${formatBytes(Math.abs(bytes))}`);

/** Remedies of a layer, in the order in which `remedyOf` counts them. */
function remedyViews(layer: WorstLayer, { after }: CompressReport): RemedyView[] {
  return layer.remedies.map((remedy) => ({
    layer: layer.name, op: layer.label, form: remedyText(remedy), gain: layer.divergence > 0 ? Math.max(0, 1 - remedy.divergence / layer.divergence) : 0,
    distance: `${layer.divergence.toPrecision(3)} → ${remedy.divergence.toPrecision(3)}`, flash: signed(remedy.flashBytes - after.flashBytes), ram: signed(remedy.ramBytes - after.ramBytes),
    right: remedy.right === undefined ? '' : formatCount(remedy.right), note: remedy.withoutKernels ? 'no C yet' : '',
  }));
}

/** The layer and form of a remedy, by its place in the view. */
export function remedyAt(report: CompressReport, index: number): Readonly<Record<string, LayerChoice>> | undefined {
  const wanted = reportView(report).remedies[index];
  const layer = wanted && report.worst.find(({ name }) => name === wanted.layer);
  const remedy = layer?.remedies.find((found) => remedyText(found) === wanted.form);
  return layer && remedy ? { [layer.name]: remedy.ranges ? { ranges: remedy.ranges } : remedy.form } : undefined;
}

/** Layers that a remedy was measured for go first, by what it brings; the others by their noise. */
function byGain(worst: readonly WorstLayer[]): (a: LayerErrorReport, b: LayerErrorReport) => number {
  const gain = new Map(worst.map((layer) => [layer.name, layer.divergence - Math.min(...layer.remedies.map((remedy) => remedy.divergence))]));
  return (a, b) => (gain.get(b.name) ?? -1) - (gain.get(a.name) ?? -1) || a.sqnrDb - b.sqnrDb;
}

function layerView({ name, label, form, sqnrDb, cosine, saturated, codes, activations, weights }: LayerErrorReport): ReportLayerView {
  const heights = (counts: readonly number[] = []): number[] => {
    const most = Math.max(1, ...counts);
    // Roots: what is rare must be seen beside what is not.
    return counts.map((count) => Math.sqrt(count / most));
  };
  return {
    name, op: label, form: formText(form), sqnrDb, cosine: cosine.toFixed(4), saturated: codes ? formatPercent(saturated / codes) : '',
    activations: heights(activations.counts), weights: heights(weights?.counts), range: `${activations.min.toPrecision(3)} to ${activations.max.toPrecision(3)}`,
  };
}

function placesOf({ steps }: CompressReport): { places?: PlacesView } {
  if (!steps.length) return {};
  const rows = steps.flatMap((step) => step.places.map((place) => ({ name: place.name, rule: place.rule, before: place.before, after: place.after, distance: (place.scan.find(({ size }) => size === place.after)?.divergence ?? 0).toPrecision(3) })));
  return { places: { title: steps.every(({ kind }) => kind === 'factorize') ? 'Ranks' : 'Channels', rows } };
}

function confusionView({ before, after }: NonNullable<CompressReport['confusion']>, accuracyBefore: Accuracy, accuracyAfter: Accuracy, names: readonly string[]): ConfusionView {
  const labels = after.map((_, i) => names[i] ?? String(i));
  const news = after.flatMap((row, truth) => row.map((count, said) => ({ truth, said, more: truth === said ? 0 : count - before[truth][said] }))).filter(({ more }) => more > 0).sort((a, b) => b.more - a.more);
  const right = ({ right: count, total }: Accuracy): string => `${formatCount(count)} of ${formatCount(total)}`;
  return {
    labels, matrices: [{ name: 'Before', right: right(accuracyBefore), counts: before }, { name: 'After', right: right(accuracyAfter), counts: after }],
    news: news.slice(0, NEWS).map(({ truth, said, more }) => `${labels[truth]} read as ${labels[said]}: +${more}`),
  };
}

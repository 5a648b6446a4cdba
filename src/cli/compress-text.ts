import { formatProblem } from '../base/problem';
import { formatBytes, formatCount, formatPercent, formatTimeUs } from '../base/units';
import type { Accuracy, CompressReport } from '../app/engine-contract';
import { stepNames, type NetworkFit, type StepReport } from '../app/compress/steps';
import type { LayerForm } from '../engine/compress/plan';
import type { TimeReport } from '../engine/cost/report';
import { table } from './table';

const accuracy = (a: Accuracy | undefined): string => (a ? `${formatPercent(a.right / a.total)} (${a.right} of ${a.total})` : 'unknown: no labelled test samples');
const interval = (a: Accuracy | undefined): string => (a ? `${formatPercent(a.low)} to ${formatPercent(a.high)}` : '');
const form = ({ activations, weights }: LayerForm): string => (activations === weights ? activations : `${activations}/${weights}`);

const timeText = (time: TimeReport | undefined): string => (time ? `${time.lowerBound ? 'at least ' : ''}${formatTimeUs(time.us)}` : 'unknown');

/** A report for people. */
export function compressText(report: CompressReport): string {
  const { before, after, changed, mcnemar } = report;
  const rows = [
    ['accuracy', accuracy(before.accuracy), accuracy(after.accuracy)],
    ...(before.accuracy ? [['95 % interval', interval(before.accuracy), interval(after.accuracy)]] : []),
    ['MACs', formatCount(before.macs), formatCount(after.macs)],
    ['file', formatBytes(before.fileBytes), formatBytes(after.fileBytes)],
    ['weights', formatBytes(before.weightBytes), formatBytes(after.weightBytes)],
    ['flash (modelled)', formatBytes(before.flashBytes), formatBytes(after.flashBytes)],
    ['peak RAM', formatBytes(before.ramBytes), formatBytes(after.ramBytes)],
    ...(after.time ? [[`time (${after.time.basis})`, timeText(before.time), timeText(after.time)]] : []),
  ];
  const calibrated = report.calibration === 'data' ? `calibrated on ${report.calibrationSamples} samples` : 'ranges estimated without data';
  const said = changed ? `newly wrong ${changed.worse}, newly right ${changed.better}${mcnemar === undefined ? '' : ` (McNemar p = ${mcnemar.toPrecision(2)})`}; ` : '';
  return [
    table(['', 'before', 'after'], rows, 'lrr'),
    `${said}${calibrated}`,
    ...(report.outputs ? [`outputs' cosine on ${report.outputs.samples} test samples: mean ${report.outputs.meanCosine.toFixed(4)}, least ${report.outputs.leastCosine.toFixed(4)}`] : []),
    ...report.steps.flatMap(stepText),
    ...methodText(report),
    ...layerText(report),
    ...worstText(report),
    `written: ${report.out}`,
    ...report.problems.map((problem) => `\n${formatProblem(problem)}`),
  ].join('\n');
}

function methodText({ method }: CompressReport): string[] {
  if (!method) return [];
  const done = `ranges by ${method.ranges}${method.steps.length ? `; ${method.steps.join(', ')}` : ''}`;
  if (!method.trials.length) return [done];
  const rows = method.trials.map((trial) => [trial.step, trial.divergence.toPrecision(3), trial.right === undefined ? '' : String(trial.right), trial.kept ? 'kept' : '']);
  const unit = method.divergenceOf === 'nats' ? 'distance, nats' : 'noise share';
  return ['', `tried on ${method.validationSamples} validation samples${method.cutShort ? ' until time was up' : ''}:`, table(['step', unit, 'right', ''], rows, 'lrrl'), `chosen: ${done}`];
}

function stepText(step: StepReport): string[] {
  const { kind, measure, unit, before, asked, after, places, trials, dropped, network } = step;
  if (kind === 'cluster' || kind === 'sparsify') return storeText(step);
  const rows = places.map((place) => [place.name, place.rule, String(place.before), String(place.after), place.scan.find(({ size }) => size === place.after)?.divergence.toPrecision(3) ?? '']);
  return [
    '', `${stepNames[kind]}: ${measure} ${formatCount(Math.round(before))} → ${formatCount(Math.round(after))}${unit === 'us' ? ' µs' : ''} (at most ${formatCount(Math.floor(asked))} asked for)`,
    ...(dropped === undefined ? [] : [`left out: the block that ends in ${dropped}`]),
    table([kind === 'prune' ? 'channels of' : 'rank of', kind === 'prune' ? 'ranked by' : 'as', 'before', 'after', 'distance alone'], rows, 'llrrr'),
    ...(trials.length ? [table(['tried', 'distance', 'right', ''], trials.map((trial) => [trial.step, trial.divergence.toPrecision(3), trial.right === undefined ? '' : String(trial.right), trial.kept ? 'kept' : '']), 'lrrl')] : []),
    ...(network ? [networkText(network)] : []),
  ];
}

function networkText({ steps, reason, held, given }: NetworkFit): string {
  const change = ({ before, after }: { readonly before: number; readonly after: number }): string => `${before.toPrecision(3)} → ${after.toPrecision(3)}`;
  if (!held || !given) return `all layers together: left as each was fitted by itself (${reason})`;
  return `all layers fitted together in ${steps} steps: loss on samples held back ${change(held)}, on those given ${change(given)}`;
}

function storeText({ kind, before, after, places }: StepReport): string[] {
  const rows = places.map((place) => [place.name, place.rule, String(place.before), String(place.after), formatPercent(place.scan[0].divergence)]);
  return [
    '', `${stepNames[kind]}: flash of small C ${formatCount(before)} → ${formatCount(after)}`,
    table(['weights of', 'as', 'before', kind === 'cluster' ? 'values' : 'not zero', 'of its output lost'], rows, 'llrrr'),
  ];
}

function layerText({ layers }: CompressReport): string[] {
  if (!layers.length) return [];
  const rows = layers.map((layer) => [layer.name, layer.label, form(layer.form), layer.sqnrDb.toFixed(1), layer.cosine.toFixed(4), layer.codes ? formatPercent(layer.saturated / layer.codes) : '']);
  return ['', table(['layer', 'op', 'form', 'SQNR dB', 'cosine', 'saturated'], rows, 'lllrrr')];
}

function worstText({ worst }: CompressReport): string[] {
  if (!worst.length) return [];
  const rows = worst.flatMap((layer) => layer.remedies.map((remedy) => [
    layer.name, remedy.ranges ? `range by ${remedy.ranges}` : form(remedy.form), `${layer.divergence.toPrecision(3)} → ${remedy.divergence.toPrecision(3)}`, formatBytes(remedy.flashBytes), formatBytes(remedy.ramBytes), remedy.withoutKernels ? 'no C yet' : '',
  ]));
  return ['', 'layers that cost most, and what sparing them would bring (--layers name=form):', table(['layer', 'kept as', 'distance', 'flash', 'peak RAM', ''], rows, 'lllrrl')];
}

import { budgetProblems, quantityText } from '../../app/budgets/problems';
import type { Verdict } from '../../app/budgets/judge';
import { formatBytes, formatCount, formatShape, formatShort, formatTimeUs } from '../../base/units';
import { shortName } from '../../engine/cost/short-name';
import type { InspectReport, LayerReport } from '../../engine/cost/report';

/** Figures as they stand between the lines of an editor: UX, "In the editor". */

const sum = (layers: readonly LayerReport[], pick: (layer: LayerReport) => number): number => layers.reduce((total, layer) => total + pick(layer), 0);
const isCounted = (layers: readonly LayerReport[]): boolean => layers.every((layer) => layer.counted);
const timeOf = (layers: readonly LayerReport[]): number | undefined => (layers.every((layer) => layer.timeUs !== undefined) ? sum(layers, (layer) => layer.timeUs!) : undefined);

/** VS Code cuts hints of a line off here (`editor.inlayHints.maximumLength`). */
const HINT_AT_MOST = 43;

/**
 * `→ 0.3 KiB flash · 295 k MACs · 15.0 ms`; with ▲ and RAM first where it is over; `fused` where nothing is left of it. What does not
 * fit into a hint is left to its tooltip: flash first.
 */
export function hintText(layers: readonly LayerReport[], ramLimit: (layer: LayerReport) => number | undefined): string {
  if (!layers.length) return 'fused';
  if (!isCounted(layers)) return '→ unknown';
  const over = layers.filter((layer) => layer.liveBytes > (ramLimit(layer) ?? Infinity));
  const time = timeOf(layers);
  const macs = sum(layers, (layer) => layer.macs);
  const flash = `${formatBytes(sum(layers, (layer) => layer.weightBytes))} flash`;
  const others = [...(macs ? [`${formatShort(macs)} MACs`] : []), ...(time === undefined ? [] : [formatTimeUs(time)])];
  const text = (parts: readonly string[]): string => `${over.length ? '▲' : '→'} ${parts.join(' · ')}`;
  const ram = over.length ? [`${formatBytes(Math.max(...over.map((layer) => layer.liveBytes)))} RAM`] : [];
  const whole = text([...ram, flash, ...others]);
  return whole.length <= HINT_AT_MOST || !(ram.length + others.length) ? whole : text([...ram, ...others]);
}

/** Parts of the lens above a layer's call: figures, and whether the RAM is over its limit. */
export function lensParts(layer: LayerReport, ramLimit: number | undefined): readonly string[] {
  if (!layer.counted) return ['unknown: this op is not understood'];
  const over = ramLimit === undefined ? 0 : layer.liveBytes - ramLimit;
  return [
    `${formatCount(layer.macs)} MACs`,
    ...(layer.timeUs === undefined ? [] : [formatTimeUs(layer.timeUs)]),
    over > 0 ? `$(error)\u00a0RAM ${formatCount(layer.liveBytes)} B, over by ${formatCount(over)}` : `RAM ${formatCount(layer.liveBytes)} B`,
  ];
}

/** A layer in one line: `Conv 3×3 · 4,608 MACs · RAM 2,304 B`. */
export const layerDetail = (layer: LayerReport): string => [layer.label, ...lensParts(layer, undefined)].join(' · ');

/** Cells of a hover's table stand close together. */
const GAP = '&nbsp;&nbsp;';

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** What one layer costs, with how each figure came to be. Markdown. */
export function layerTable(layer: LayerReport, { time, model }: InspectReport): string {
  const origin = layer.origin.map(({ name, op }) => `\`${name}\` (${op})`).join(', ');
  const figures: readonly (readonly [string, string, string])[] = [
    ['MACs', layer.counted ? formatCount(layer.macs) : 'unknown', layer.executedMacs < layer.macs ? `exact; ${formatCount(layer.executedMacs)} are run` : 'exact'],
    ['Flash', `${formatCount(layer.weightBytes)} B`, 'exact'],
    ['RAM while it runs', `${formatCount(layer.liveBytes)} B`, 'exact'],
    ...(time ? [['Time', layer.timeUs === undefined ? 'unknown' : formatTimeUs(layer.timeUs), time.basis] as const] : []),
    ['Output', `${formatShape(layer.outputShape)} ${layer.dtype}`, ''],
  ];
  return [
    `**Layer ${layer.index} · ${layer.label}**, ${escaped(shortName(layer.name))}`,
    '',
    row(['', escaped(model.name), `${GAP}basis`]),
    row([':--', '--:', ':--']),
    ...figures.map(([name, value, basis]) => row([name, value, basis && `${GAP}${basis}`])),
    '',
    ...(origin ? [`From ${origin}.`, ''] : []),
    ...(time ? [escaped(time.how.join(' '))] : []),
  ].join('\n');
}

const states: Readonly<Record<Verdict['state'], string>> = { kept: '$(check) Kept', near: '$(warning) Near', over: '$(error) Broken', unknown: '$(question) Unknown' };

export function budgetTable({ budget, state, measured, problem }: Verdict): string {
  const about = [budget.layer === undefined ? undefined : `layer ${budget.layer}`, budget.model].filter(Boolean).join(' of ');
  return [
    `${states[state]} · ${escaped(about)}${budget.board ? ` on ${budget.board}` : ''}`,
    '',
    row(['', '', `${GAP}basis`]),
    row([':--', '--:', ':--']),
    row(['is', measured ? `${measured.lowerBound ? '≥ ' : ''}${quantityText(budget.resource, measured.value)}` : 'unknown', measured ? `${GAP}${measured.basis}` : '']),
    row([budget.resource === 'accuracy' ? 'at least' : 'at most', quantityText(budget.resource, budget.limit), `${GAP}budget`]),
    '',
    ...(problem?.detail ? [escaped(problem.detail)] : measured?.detail ? [escaped(measured.detail)] : []),
    ...(measured || problem ? [] : [budgetProblems.howToWrite(budget.resource)]),
  ].join('\n');
}

/** Names of layers and files come from others' models. */
export const escaped = (text: string): string => text.replace(/[\\`*_{}[\]()#+\-!|<>~$]/g, '\\$&');

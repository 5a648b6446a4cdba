import { quantityText } from '../../app/budgets/problems';
import type { Verdict } from '../../app/budgets/judge';
import { formatBytes, formatCount, formatEnergyUj, formatTimeUs } from '../../base/units';
import type { Board } from '../../device/boards/board';
import type { InspectReport } from '../../engine/cost/report';

/** A model as Explorer and models view show it: worst first. Pure. */
export interface ModelSummary {
  readonly state: 'over' | 'unknown' | 'near' | 'kept' | 'plain';
  /** `36.0 of 32.0 KiB`, or totals where nothing limits it. */
  readonly description: string;
  /** Why, for a tooltip. */
  readonly reasons: readonly string[];
  readonly badge?: '▲' | '≥';
  readonly facts: readonly { readonly label: string; readonly value: string; readonly basis: string; readonly over?: boolean }[];
}

interface Limit {
  readonly name: string;
  readonly value: number;
  readonly limit: number;
}

export function summaryOf(report: InspectReport, board: Board | undefined, verdicts: readonly Verdict[]): ModelSummary {
  const { totals, time } = report;
  const atLeast = totals.lowerBound ? '≥ ' : '';
  const boardLimits: Limit[] = [
    { name: 'RAM', value: totals.ramBytes, limit: board?.ramBytes?.value },
    { name: 'Flash', value: totals.flashBytes, limit: board?.flashBytes?.value },
  ].flatMap(({ limit, ...rest }) => (limit === undefined ? [] : [{ ...rest, limit }]));
  const overBoard = boardLimits.filter(({ value, limit }) => value > limit);
  const broken = verdicts.filter(({ state }) => state === 'over');
  const ram = verdicts.find(({ budget }) => budget.resource === 'ram' && budget.layer === undefined)?.budget.limit ?? board?.ramBytes?.value;
  const facts = [
    { label: 'RAM', value: `${atLeast}${formatBytes(totals.ramBytes)}`, basis: totals.basis.ramBytes, over: ram !== undefined && totals.ramBytes > ram },
    { label: 'Flash', value: `${atLeast}${formatBytes(totals.flashBytes)}`, basis: totals.basis.flashBytes, over: overBoard.some(({ name }) => name === 'Flash') },
    { label: 'MACs', value: `${atLeast}${formatCount(totals.macs)}`, basis: totals.basis.macs },
    ...(time ? [{ label: 'Time', value: `${time.lowerBound ? '≥ ' : ''}${formatTimeUs(time.us)}`, basis: time.basis }] : []),
    ...(time?.energyUj === undefined ? [] : [{ label: 'Energy', value: `${time.lowerBound ? '≥ ' : ''}${formatEnergyUj(time.energyUj)}`, basis: time.basis }]),
    { label: 'Parameters', value: `${atLeast}${formatCount(totals.params)}`, basis: 'exact' },
    { label: 'Layers', value: `${formatCount(totals.layers)}${report.uncounted.length ? `, ${report.uncounted.length} not counted` : ''}`, basis: 'exact' },
    { label: 'File', value: formatBytes(report.model.fileBytes), basis: 'exact' },
  ];
  const reasons = [
    ...broken.flatMap(({ problem }) => (problem ? [problem.title] : [])),
    ...overBoard.map(({ name, value, limit }) => `${name} ${formatCount(value)} B, ${board!.name} has ${formatCount(limit)} B`),
    ...(totals.lowerBound ? [`${formatCount(report.uncounted.length)} ${report.uncounted.length === 1 ? 'layer is' : 'layers are'} not counted: totals are lower bounds`] : []),
  ];
  const state = broken.length || overBoard.length ? 'over' : totals.lowerBound ? 'unknown' : verdicts.some((verdict) => verdict.state === 'near') ? 'near' : boardLimits.length || verdicts.length ? 'kept' : 'plain';
  const description = ram === undefined ? `${atLeast}${formatBytes(totals.ramBytes)} RAM · ${formatBytes(totals.flashBytes)} flash` : `${atLeast}${ofLimit(totals.ramBytes, ram)} RAM`;
  return { state, description, reasons, facts, ...(state === 'over' ? { badge: '▲' } : totals.lowerBound ? { badge: '≥' } : {}) };
}

/** `36.0 of 32.0 KiB`; both units where they differ. */
function ofLimit(bytes: number, limit: number): string {
  const [value, unit] = formatBytes(bytes).split(' ');
  const whole = formatBytes(limit);
  return whole.endsWith(` ${unit}`) ? `${value} of ${whole}` : `${value} ${unit} of ${whole}`;
}

/** The breach that is largest against its limit, for the status bar: `RAM +4.0 KiB`, and what it is a breach of. */
export function worstBreach(verdicts: readonly Verdict[]): { readonly text: string; readonly of: string } | undefined {
  const share = ({ budget, measured }: Verdict): number => (budget.resource === 'accuracy' ? budget.limit / Math.max(measured!.value, 1e-9) : measured!.value / Math.max(budget.limit, 1e-9));
  const [worst] = verdicts.filter(({ state, measured }) => state === 'over' && measured).sort((a, b) => share(b) - share(a));
  if (!worst) return undefined;
  const { budget: { resource, limit, layer, model }, measured } = worst;
  const of = layer === undefined ? model : `layer ${layer} of ${model}`;
  const names = { ram: 'RAM', flash: 'Flash', macs: 'MACs', timeUs: 'Time', energyUj: 'Energy', accuracy: 'Accuracy' } as const;
  if (resource === 'accuracy') return { text: `${names[resource]} −${((limit - measured!.value) * 100).toFixed(1)} points`, of };
  const over = measured!.value - limit;
  return { text: `${names[resource]} +${resource === 'ram' || resource === 'flash' ? formatBytes(over) : quantityText(resource, over)}`, of };
}

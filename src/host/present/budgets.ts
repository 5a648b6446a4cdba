import { formatBytes, formatCount, formatEnergyUj, formatShort, formatTimeUs, namedSteps } from '../../base/units';
import type { Board } from '../../device/boards/board';
import type { InspectReport, TimeReport } from '../../engine/cost/report';
import type { BudgetView, FitState, Verdict } from '../../messages/inspector';

export { namedSteps };

/** From this part of a limit on it is called near: docs/style.md. */
const NEAR = 0.9;

/** 36880 -> ['36.0', 'KiB']: number and unit are set in different sizes. */
function splitBytes(bytes: number): readonly [string, string] {
  const [value, unit] = formatBytes(bytes).split(' ');
  return [value, unit];
}

export function fitOf(bytes: number, limit: number | undefined): FitState {
  if (limit === undefined) return 'plain';
  if (bytes > limit) return 'over';
  return bytes >= limit * NEAR ? 'near' : 'fits';
}

const percent = (ratio: number): string => `${(ratio * 100).toFixed(1)} %`;

interface Sized {
  readonly id: 'ram' | 'flash';
  readonly title: string;
  readonly bytes: number;
  readonly limit: number | undefined;
  readonly basis: BudgetView['basis'];
  readonly context: string;
  readonly tooltip: string;
}

function sized(resource: Sized, lowerBound: boolean): BudgetView {
  const { bytes, limit, context } = resource;
  const [value, unit] = splitBytes(bytes);
  const state = fitOf(bytes, limit);
  const ratio = limit === undefined ? undefined : bytes / limit;
  const emphasis = { plain: undefined, fits: undefined, near: `${formatBytes((limit ?? 0) - bytes)} left`, over: `over by ${formatCount(bytes - (limit ?? 0))} B` }[state];
  return {
    id: resource.id,
    title: resource.title,
    basis: resource.basis,
    value: lowerBound ? `≥ ${value}` : value,
    unit: limit === undefined ? unit : unit === splitBytes(limit)[1] ? `of ${formatBytes(limit)}` : `${unit} of ${formatBytes(limit)}`,
    state,
    ratio,
    emphasis,
    note: [ratio === undefined ? undefined : percent(ratio), context].filter(Boolean).join(' · '),
    tooltip: `${formatCount(bytes)} B. ${resource.tooltip}`,
  };
}

/** The four totals, resources with a limit first; time and energy where a board is chosen, else counts. */
export function budgetsOf(report: InspectReport, board: Board | undefined): readonly BudgetView[] {
  const { totals, arena } = report;
  const at = totals.lowerBound ? '≥ ' : '';
  return [
    sized(
      {
        id: 'ram',
        title: 'Peak RAM',
        bytes: totals.ramBytes,
        limit: board?.ramBytes?.value,
        basis: totals.basis.ramBytes,
        context: arena.peakSteps.length ? `peak at ${namedSteps(arena.peakSteps)}` : 'no tensors',
        tooltip: 'Arena of the generated C: activations, scratch, state, inputs and outputs. The rest of your firmware comes on top.',
      },
      totals.lowerBound,
    ),
    sized(
      {
        id: 'flash',
        title: 'Flash',
        bytes: totals.flashBytes,
        limit: board?.flashBytes?.value,
        basis: totals.basis.flashBytes,
        context: `weights ${formatBytes(totals.weightBytes)} ${totals.basis.weightBytes}`,
        tooltip: `Weights ${formatCount(totals.weightBytes)} B as packed by the code generator, plus the code of the model. The rest of your firmware comes on top.`,
      },
      totals.lowerBound,
    ),
    ...(report.time ? timeBudgets(report, report.time, at) : countBudgets(report, at)),
  ];
}

/** Without a board: what there is to compute and to hold. */
function countBudgets({ totals, model }: InspectReport, at: string): readonly BudgetView[] {
  return [
    {
      id: 'macs',
      title: 'MACs',
      basis: totals.basis.macs,
      value: at + formatCount(totals.macs),
      unit: '',
      state: 'plain',
      note: `per inference · ${totals.layers} ${totals.layers === 1 ? 'layer' : 'layers'}`,
      tooltip: 'Multiply-accumulates of one inference. 1 MAC is 2 operations.',
    },
    {
      id: 'params',
      title: 'Parameters',
      basis: 'exact',
      value: at + formatCount(totals.params),
      unit: '',
      state: 'plain',
      note: `weights and biases · ${model.arithmetic}`,
      tooltip: 'Elements of all weights and biases.',
    },
  ];
}

/** On a board whose core is known: how long one inference takes, and what it draws where the chip's current is published. */
function timeBudgets(report: InspectReport, time: TimeReport, at: string): readonly BudgetView[] {
  const atLeast = time.lowerBound ? '≥ ' : '';
  const [ms, unit] = formatTimeUs(time.us).split(' ');
  const source = time.how.join('\n');
  const calibrated = time.basis === 'calibrated' ? ' · calibrated on the board' : '';
  const { totals } = report;
  const inference: BudgetView = {
    id: 'time', title: 'Time per inference', basis: 'modelled', value: atLeast + ms, unit, state: 'plain',
    note: `${at}${formatShort(totals.macs)} MACs · ${formatCount(totals.layers)} ${totals.layers === 1 ? 'layer' : 'layers'}${calibrated}`, tooltip: source,
  };
  if (time.energyUj === undefined) return [inference, countBudgets(report, at)[0]];
  const [joules, energyUnit] = formatEnergyUj(time.energyUj).split(' ');
  const energy: BudgetView = {
    id: 'energy', title: 'Energy per inference', basis: 'modelled', value: atLeast + joules, unit: energyUnit, state: 'plain',
    note: `${((time.energyUj / time.us) * 1000).toPrecision(3)} mW while it runs`, tooltip: source,
  };
  return [inference, energy];
}

/** Fits or not, by how much, in which resource; none where no board is chosen or the board sets no limit. */
export function verdictOf(report: InspectReport, board: Board | undefined): Verdict | undefined {
  if (!board) return undefined;
  const resources = [
    { name: 'RAM', bytes: report.totals.ramBytes, limit: board.ramBytes?.value },
    { name: 'flash', bytes: report.totals.flashBytes, limit: board.flashBytes?.value },
  ].flatMap((r) => (r.limit === undefined ? [] : [{ ...r, limit: r.limit, state: fitOf(r.bytes, r.limit) }]));
  if (!resources.length) return undefined;
  const title = `${board.name}: ${resources.map((r) => `${r.name} ${formatCount(r.bytes)} of ${formatCount(r.limit)} B`).join(', ')}`;
  const over = resources.filter((r) => r.state === 'over');
  if (over.length) return { state: 'over', text: `Does not fit: ${over.map((r) => `${r.name} +${formatBytes(r.bytes - r.limit)}`).join(', ')}`, title };
  // A lower bound that fits proves nothing.
  if (report.totals.lowerBound) return undefined;
  const near = resources.filter((r) => r.state === 'near');
  if (near.length) return { state: 'near', text: `Fits, ${near.map((r) => `${r.name} ${formatBytes(r.limit - r.bytes)} left`).join(', ')}`, title };
  return { state: 'fits', text: 'Fits', title };
}

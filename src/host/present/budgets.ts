import { formatBytes, formatCount, formatEnergyUj, formatShort, formatTimeUs, namedSteps } from '../../base/units';
import type { Cost } from '../../app/budgets/measure';
import { quantityText } from '../../app/budgets/problems';
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

/** The smaller of what the board has and what the user allows. */
const tighter = (board: number | undefined, budget: number | undefined): number | undefined => (board === undefined || budget === undefined ? (board ?? budget) : Math.min(board, budget));

/** Limits that the user has set. */
export type Limits = Partial<Readonly<Record<Cost, number>>>;

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
    ...(ratio === undefined ? { settable: resource.id } : { ratio }),
    emphasis,
    note: [ratio === undefined ? undefined : percent(ratio), context].filter(Boolean).join(' · '),
    tooltip: `${formatCount(bytes)} B. ${resource.tooltip}`,
  };
}

/** The four totals, resources with a limit first; time and energy where a board is chosen, else counts. */
export function budgetsOf(report: InspectReport, board: Board | undefined, limits: Limits = {}): readonly BudgetView[] {
  const { totals, arena } = report;
  const at = totals.lowerBound ? '≥ ' : '';
  return [
    sized(
      {
        id: 'ram',
        title: 'Peak RAM',
        bytes: totals.ramBytes,
        limit: tighter(board?.ramBytes?.value, limits.ram),
        basis: totals.basis.ramBytes,
        context: arena.peakSteps.length ? `peak at ${namedSteps(arena.peakSteps)}` : 'no tensors',
        tooltip: `Arena of the generated C: activations, scratch, state, inputs and outputs. ${totals.how.ramBytes} The rest of your firmware comes on top.`,
      },
      totals.lowerBound,
    ),
    sized(
      {
        id: 'flash',
        title: 'Flash',
        bytes: totals.flashBytes,
        limit: tighter(board?.flashBytes?.value, limits.flash),
        basis: totals.basis.flashBytes,
        context: `weights ${formatBytes(totals.weightBytes)} ${totals.basis.weightBytes}`,
        tooltip: `Weights ${formatCount(totals.weightBytes)} B as packed by the code generator, plus the code of the model. ${totals.how.flashBytes} The rest of your firmware comes on top.`,
      },
      totals.lowerBound,
    ),
    ...(report.time ? timeBudgets(report, report.time, at, limits) : countBudgets(report, at, limits)),
  ];
}

/** How a cost stands to a budget of the user's: no board has a limit of it. Without a budget there is no track, but a way to set one. */
function limited(resource: 'macs' | 'timeUs' | 'energyUj', value: number, limit: number | undefined, unit: string, note: string): Pick<BudgetView, 'unit' | 'state' | 'ratio' | 'emphasis' | 'note' | 'settable'> {
  if (limit === undefined) return { unit, state: 'plain', note, settable: resource };
  const ratio = limit > 0 ? value / limit : value > 0 ? 2 : 1;
  const state = fitOf(value, limit);
  const distance = quantityText(resource, Math.abs(value - limit)).replace(/ B$/, '');
  const emphasis = { plain: undefined, fits: undefined, near: `${distance} left`, over: `over by ${distance}` }[state];
  return { unit: `${unit} of ${quantityText(resource, limit)}`.trim(), state, ratio, ...(emphasis ? { emphasis } : {}), note: `${percent(ratio)} of the budget · ${note}` };
}

/** Without a board: what there is to compute and to hold. */
function countBudgets({ totals, model }: InspectReport, at: string, limits: Limits): readonly BudgetView[] {
  // Nothing was counted: that is not a lower bound worth a number.
  const isUnknown = totals.lowerBound && totals.macs === 0;
  return [
    {
      id: 'macs',
      title: 'MACs',
      basis: totals.basis.macs,
      value: isUnknown ? 'unknown' : at + formatCount(totals.macs),
      ...limited('macs', totals.macs, limits.macs, '', `per inference · ${totals.layers} ${totals.layers === 1 ? 'layer' : 'layers'}`),
      tooltip: `Multiply-accumulates of one inference. 1 MAC is 2 operations. ${totals.how.macs}`,
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
function timeBudgets(report: InspectReport, time: TimeReport, at: string, limits: Limits): readonly BudgetView[] {
  const atLeast = time.lowerBound ? '≥ ' : '';
  const isUnknown = time.lowerBound && time.us === 0;
  const [ms, unit] = isUnknown ? ['unknown', ''] : [...formatTimeUs(time.us).split(' ').map((part, i) => (i === 0 ? atLeast + part : part))];
  const source = time.how.join('\n');
  const calibrated = time.basis === 'calibrated' ? ' · calibrated on the board' : '';
  const { totals } = report;
  const inference: BudgetView = {
    id: 'time', title: 'Time per inference', basis: 'modelled', value: ms,
    ...limited('timeUs', time.us, limits.timeUs, unit, `${totals.lowerBound && totals.macs === 0 ? '' : `${at}${formatShort(totals.macs)} MACs · `}${formatCount(totals.layers)} ${totals.layers === 1 ? 'layer' : 'layers'}${calibrated}`), tooltip: source,
  };
  if (time.energyUj === undefined) return [inference, countBudgets(report, at, limits)[0]];
  const [joules, energyUnit] = isUnknown ? ['unknown', ''] : formatEnergyUj(time.energyUj).split(' ').map((part, i) => (i === 0 ? atLeast + part : part));
  const energy: BudgetView = {
    id: 'energy', title: 'Energy per inference', basis: 'modelled', value: joules,
    ...limited('energyUj', time.energyUj, limits.energyUj, energyUnit, time.us > 0 ? `${((time.energyUj / time.us) * 1000).toPrecision(3)} mW while it runs` : 'per inference'), tooltip: source,
  };
  return [inference, energy];
}

/** Fits or not, by how much, in which resource; else within its budgets or not. None where nothing is limited. */
export function verdictOf(report: InspectReport, board: Board | undefined, limits: Limits = {}): Verdict | undefined {
  const { totals, time } = report;
  const boardLimits: Limits = { ram: board?.ramBytes?.value, flash: board?.flashBytes?.value };
  const values: Readonly<Record<Cost, number | undefined>> = { ram: totals.ramBytes, flash: totals.flashBytes, macs: totals.macs, timeUs: time?.us, energyUj: time?.energyUj };
  const resources = (Object.keys(values) as Cost[]).flatMap((cost) => {
    const [value, limit] = [values[cost], tighter(boardLimits[cost], limits[cost])];
    return value === undefined || limit === undefined ? [] : [{ cost, name: names[cost], value, limit, state: fitOf(value, limit), isBudget: boardLimits[cost] === undefined || value <= boardLimits[cost] }];
  });
  if (!resources.length) return undefined;
  const onlyBudgets = boardLimits.ram === undefined && boardLimits.flash === undefined;
  const short = (cost: Cost, value: number): string => (cost === 'ram' || cost === 'flash' ? formatBytes(value) : quantityText(cost, value));
  const title = `${board ? `${board.name}: ` : ''}${resources.map((r) => `${r.name} ${quantityText(r.cost, r.value)} of ${quantityText(r.cost, r.limit)}`).join(', ')}`;
  const over = resources.filter((r) => r.state === 'over');
  if (over.length) return { state: 'over', text: `${over.every((r) => r.isBudget) ? 'Over budget' : 'Does not fit'}: ${over.map((r) => `${r.name} +${short(r.cost, r.value - r.limit)}`).join(', ')}`, title };
  // A lower bound that fits proves nothing.
  if (totals.lowerBound) return undefined;
  const fits = onlyBudgets ? 'Within budget' : 'Fits';
  const near = resources.filter((r) => r.state === 'near');
  if (near.length) return { state: 'near', text: `${fits}, ${near.map((r) => `${r.name} ${short(r.cost, r.limit - r.value)} left`).join(', ')}`, title };
  return { state: 'fits', text: fits, title };
}

const names: Readonly<Record<Cost, string>> = { ram: 'RAM', flash: 'flash', macs: 'MACs', timeUs: 'time', energyUj: 'energy' };

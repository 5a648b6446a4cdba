import type { Step } from '../codegen/choose-kernels';
import type { KernelWork } from '../codegen/kernel';
import { elementCount, isStatic } from '../ir/dtype';
import { kernelCounts } from './kernel-counts';
import type { LayerTimeReport } from './layer-detail-report';
import type { TimeReport } from './report';

/** Instructions per MAC, place of a window (its inner loop), output element, input element and call. */
export type KernelCost = readonly [perMac: number, perTap: number, perOutput: number, perInput: number, perCall: number];

/** What was counted on one kind of machine code. */
export interface CodeCounts {
  /** Layers that the figures are fitted to. */
  readonly layers: number;
  /** Error of a whole model's count when its own layers are left out of the fit: median and worst of the models. */
  readonly medianError: number;
  readonly worstError: number;
  /** The same of layers whose kernels decode weights or skip zeros. */
  readonly packed: { readonly layers: number; readonly medianError: number; readonly worstError: number };
  /** Counted instructions of the model that boards are calibrated with: a calibration is to tell of the board, not of the fit. */
  readonly benchmark: number;
  readonly kernels: Readonly<Record<string, KernelCost>>;
}

/** How fast a board is, and how much it draws. */
export interface Machine {
  /** Key of `kernelCounts`. */
  readonly code: string;
  /** For layers on real numbers, where that is another: a core with an FPU whose instructions nobody counts. */
  readonly realCode?: string;
  readonly clockHz: number;
  /** Of kernels on integers, and of those on real numbers. */
  readonly cyclesPerInstruction: { readonly integer: number; readonly real: number };
  /** Measured over modelled time, from a calibration on the board itself; absent where nothing was measured. */
  readonly calibration?: { readonly factor: number; readonly source: string };
  /** Power while the core runs, in W; absent where nothing is published. */
  readonly activeWatts?: number;
  /** One sentence for each figure: where it was taken from. */
  readonly sources: readonly string[];
}

/** What a layer's instructions depend on. */
export interface LayerWork {
  /** Kernel and family of the layer: a kernel's header may serve several. */
  readonly kernel: string;
  /** Products that are computed: zeros that are skipped are none. */
  readonly macs: number;
  /** Outputs times places of the window: how often the loop over input channels is begun. Of weights stored with a bit each: bits looked at. */
  readonly taps: number;
  readonly outputs: number;
  readonly inputs: number;
  readonly isReal: boolean;
}

export function layerWork({ kernel, plan, op, view, node }: Step): LayerWork {
  const family = typeof op.family === 'function' ? op.family(view) : (op.family ?? 'other');
  const elements = (index: number): number => {
    const { type } = view.input(index);
    return isStatic(type) ? elementCount(type.shape) : 0;
  };
  const { type } = view.output();
  const macs = kernel ? (op.macs?.(view) ?? 0) : 0;
  const depth = macs && view.isConstant(1) ? (view.type(1).shape?.at(-1) ?? 0) : 0;
  const work = plan?.work;
  return {
    kernel: `${kernel?.header.file.replace(/^tml_|\.h$/g, '') ?? 'none'}${work ? `_${work.form}` : ''} ${family}`,
    macs: work?.macs ?? macs,
    taps: work?.taps?.count ?? (depth ? macs / depth : 0),
    outputs: isStatic(type) ? elementCount(type.shape) : 0,
    inputs: work?.copied ?? node.inputs.reduce<number>((sum, id, i) => sum + (id === undefined || view.isConstant(i) ? 0 : elements(i)), 0),
    isReal: type.dtype.startsWith('float'),
  };
}

/** Modelled instructions (cycles where `code` counts cycles) of a layer; undefined for a kernel that was never counted on this machine code. */
export function instructionsOf(work: LayerWork, code: string): number | undefined {
  const cost = kernelCounts[code]?.kernels[work.kernel];
  return cost && featuresOf(work).reduce((sum, feature, i) => sum + feature * cost[i], 0);
}

/** In the order of `KernelCost`. */
export const featuresOf = ({ macs, taps, outputs, inputs }: LayerWork): readonly number[] => [macs, taps, outputs, inputs, 1];

/** What the features of `KernelCost` are called, in its order. */
const partNames = (work: KernelWork | undefined): readonly { readonly name: string; readonly of: string }[] => [
  { name: 'Multiply and accumulate', of: 'MACs' },
  { name: work?.taps?.name ?? 'Loops over the window', of: work?.taps?.of ?? 'places' },
  { name: 'Outputs', of: 'outputs' },
  { name: work?.copied === undefined ? 'Inputs' : 'Inputs gathered', of: 'inputs' },
  { name: 'Call and set-up', of: '' },
];

/** Modelled time of each layer in µs: instructions × cycles per instruction ÷ clock, times the factor of a calibration. */
export const layerTimesUs = (steps: readonly Step[], machine: Machine): (number | undefined)[] => steps.map((step) => layerTime(step, machine)?.us);

/** The same of one layer as a sum of named parts; undefined for a kernel that was never counted on this machine code. */
export function layerTime(step: Step, machine: Machine): Omit<LayerTimeReport, 'how'> | undefined {
  const work = layerWork(step);
  const code = work.isReal ? (machine.realCode ?? machine.code) : machine.code;
  const cost = kernelCounts[code]?.kernels[work.kernel];
  const instructions = instructionsOf(work, code);
  const cyclesPerInstruction = work.isReal ? machine.cyclesPerInstruction.real : machine.cyclesPerInstruction.integer;
  const { clockHz } = machine;
  const factor = machine.calibration?.factor ?? 1;
  // The caller's own time is not the model's.
  if (step.op.isHandedOver) return { us: 0, parts: [], cyclesPerInstruction, clockHz, factor };
  if (!cost || instructions === undefined) return undefined;
  const parts = featuresOf(work).map((count, i) => ({ ...partNames(step.plan?.work)[i], count, each: cost[i], instructions: count * cost[i] }));
  return { us: ((instructions * cyclesPerInstruction) / clockHz) * 1e6 * factor, parts, cyclesPerInstruction, clockHz, factor };
}

/** Time of the calibration model in µs, from its counted instructions; undefined where they were not counted. */
export function benchmarkTimeUs({ code, clockHz, cyclesPerInstruction }: Machine): number | undefined {
  const counted = kernelCounts[code]?.benchmark;
  return counted && ((counted * cyclesPerInstruction.integer) / clockHz) * 1e6;
}

/** The whole of them, with how it came to be; undefined where no layer's time is known. */
export function timeReport(steps: readonly Step[], times: readonly (number | undefined)[], machine: Machine): TimeReport | undefined {
  const known = times.filter((time): time is number => time !== undefined);
  if (!known.length) return undefined;
  const us = known.reduce((sum, time) => sum + time, 0);
  const counts = kernelCounts[machine.code];
  const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
  const isPacked = steps.some(({ plan }) => plan?.work !== undefined);
  return {
    us,
    ...(machine.activeWatts === undefined ? {} : { energyUj: us * machine.activeWatts }),
    basis: machine.calibration ? 'calibrated' : 'modelled',
    lowerBound: known.length < times.length,
    how: [
      `Instructions of ${counts.layers} layers counted on simulated ${machine.code} cores; a model that was not among them was off by ${percent(counts.medianError)} in the median, ${percent(counts.worstError)} at worst.`,
      ...(isPacked ? [`Layers that decode weights or skip zeros: ${counts.packed.layers} counted, off by ${percent(counts.packed.medianError)} in the median, ${percent(counts.packed.worstError)} at worst.`] : []),
      ...machine.sources,
      ...(machine.calibration ? [machine.calibration.source] : []),
    ],
  };
}

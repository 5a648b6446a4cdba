import type { TensorData } from '../ir/tensor';
import type { NodeView } from '../ops/op';

/** Instruction sets that kernels are chosen for; a board names one. */
export const isas = ['c99', 'dsp', 'mve', 'rv32', 'avr'] as const;
export type Isa = (typeof isas)[number];

/** Instruction sets whose kernels run on each: Helium cores execute the DSP extension's instructions too. */
const runs: Readonly<Record<Isa, readonly Isa[]>> = { c99: ['c99'], dsp: ['dsp'], mve: ['mve', 'dsp'], rv32: ['rv32'], avr: ['avr'] };

/** True where a core of instruction set `isa` executes the kernel; one without a list is portable C. */
export const runsOn = (kernel: Kernel, isa: Isa): boolean => !kernel.isas || kernel.isas.some((own) => runs[isa].includes(own));

/** A C header that comes along with the generated model. */
export interface KernelHeader {
  /** File name, `tml_*.h`. */
  readonly file: string;
  readonly text: string;
  readonly needs?: readonly KernelHeader[];
  /** Modelled bytes of its functions that are not inlined: once a model, whatever the number of calls. */
  readonly codeBytes?: number;
}

/** Constants as the kernel wants to read them. `make` is called only when sources are written: costs need lengths only. */
export interface PackedConstant {
  /** Part of the C name: `weights`, `bias`, ... */
  readonly role: string;
  readonly dtype: 'int8' | 'uint8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'int64' | 'float32';
  readonly elements: number;
  make(): TensorData;
}

/** Where an output may lie over an input that nobody reads afterwards. */
export interface Overlap {
  /** Index of the node's input. */
  readonly input: number;
  /** The output may start at the very same byte. */
  readonly same: boolean;
  /** It may also start any multiple of so many bytes before or behind it. */
  readonly multiple?: number;
  /**
   * The output may start this many bytes before the input, or more; negative: at most so many behind it. Absent where only
   * the same start, or none at all, will do.
   */
  readonly before?: number;
}

/** A function that a macro of the kernel's header defines for the shape at hand: `macro(name, args...);`. */
export interface Instance {
  readonly macro: string;
  readonly name: string;
  /** Numbers, or names of C types and macros. */
  readonly args: readonly (number | string)[];
  /** Modelled bytes of its code; 0 where it is inlined into the calls, which count it then. */
  readonly codeBytes: number;
}

/** One call of a C function with (params, inputs..., constants..., scratch if any, outputs...). */
export interface KernelCall {
  readonly function: string;
  /** Members of the function's parameter struct; a missing struct leaves the argument out. */
  readonly params?: { readonly type: string; readonly members: Readonly<Record<string, number | CName>> };
  /** Indices of the node's inputs that are tensors in the arena, in argument order. */
  readonly inputs: readonly number[];
  readonly constants: readonly PackedConstant[];
  /** True where the function returns 0, or what ends the run with an error. */
  readonly isChecked?: boolean;
  /** Indices of the node's outputs; the first where absent. */
  readonly outputs?: readonly number[];
  /** C type of arena inputs, and of the outputs: one for all of them, or one each. */
  readonly inputTypes: readonly string[];
  readonly outputType: string | readonly string[];
}

/** What a call's time depends on, where the layer's shape does not say it; what is absent is as the shape says. */
export interface KernelWork {
  /** What is counted by itself among the kernels of one header: `4_q31`. */
  readonly form: string;
  /** Products that are computed. */
  readonly macs?: number;
  /** How often the loop around them is begun, and what that is. */
  readonly taps?: { readonly count: number; readonly name: string; readonly of: string };
  /** Input elements that are copied before they are read. */
  readonly copied?: number;
}

/** How a kernel computes a node: one call, or several. */
export interface KernelPlan extends KernelCall {
  /** Calls after the first one. */
  readonly then?: readonly KernelCall[];
  /** Functions that must be defined before the call; layers with equal ones share them. */
  readonly instances?: readonly Instance[];
  readonly scratchBytes?: number;
  readonly overlaps?: readonly Overlap[];
  /** Bytes behind each arena input that the kernel may read (and ignores), and behind the output that it may overwrite. */
  readonly readsBehind?: number;
  readonly writesBehind?: number;
  readonly work?: KernelWork;
  /** Modelled bytes of code of this call, specialised and inlined, on a Cortex-M4 at -O2 (see docs/cost-model.md). */
  readonly codeBytes: number;
}

/** All calls of a plan, in order. */
export const callsOf = (plan: KernelPlan): readonly KernelCall[] => [plan, ...(plan.then ?? [])];

/** Name of a C function in a parameter struct. */
export interface CName {
  readonly c: string;
}

/** Libraries that can compute layers in place of our kernels. */
export const backends = ['own', 'cmsis-nn'] as const;
export type Backend = (typeof backends)[number];

export interface Kernel {
  readonly header: KernelHeader;
  /** The library that it calls; it is then chosen only where that is asked for. */
  readonly backend?: Backend;
  /** Instruction sets it is written for; absent for portable C. */
  readonly isas?: readonly Isa[];
  /** `peers` are all nodes of the program: code of its own may pay for several layers where it does not for one. */
  supports(node: NodeView, peers: readonly NodeView[]): boolean;
  /** Layers may agree on constants in order to share code. */
  plan(node: NodeView, peers: readonly NodeView[]): KernelPlan;
}

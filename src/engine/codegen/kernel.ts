import type { TensorData } from '../ir/tensor';
import type { NodeView } from '../ops/op';

/** Instruction sets that kernels are chosen for; a board names one. */
export const isas = ['c99', 'dsp', 'mve', 'rv32', 'avr'] as const;
export type Isa = (typeof isas)[number];

/** A C header that comes along with the generated model. */
export interface KernelHeader {
  /** File name, `tml_*.h`. */
  readonly file: string;
  readonly text: string;
  readonly needs?: readonly KernelHeader[];
}

/** Constants as the kernel wants to read them. `make` is called only when sources are written: costs need lengths only. */
export interface PackedConstant {
  /** Part of the C name: `weights`, `bias`, ... */
  readonly role: string;
  readonly dtype: 'int8' | 'uint8' | 'int16' | 'int32' | 'float32';
  readonly elements: number;
  make(): TensorData;
}

/** One call of a kernel. */
export interface KernelPlan {
  /** C function, called with (params, inputs..., constants..., scratch if any, output). */
  readonly function: string;
  /** Members of the function's parameter struct; a missing struct leaves the argument out. */
  readonly params?: { readonly type: string; readonly members: Readonly<Record<string, number>> };
  /** Indices of the node's inputs that are tensors in the arena, in argument order. */
  readonly inputs: readonly number[];
  readonly constants: readonly PackedConstant[];
  readonly scratchBytes?: number;
  /** C type of arena inputs and of the output. */
  readonly inputTypes: readonly string[];
  readonly outputType: string;
  /** Modelled bytes of code of this call, specialised and inlined, on a Cortex-M4 at -O2 (see docs/cost-model.md). */
  readonly codeBytes: number;
}

export interface Kernel {
  readonly header: KernelHeader;
  /** Instruction sets it is written for; absent for portable C. */
  readonly isas?: readonly Isa[];
  supports(node: NodeView): boolean;
  plan(node: NodeView): KernelPlan;
}

import type { DType, Quantization } from '../ir/types';
import type { LayerReport } from './report';

/** A tensor that a layer reads or writes. */
export interface TensorReport {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** null where the shape is not known. */
  readonly bytes: number | null;
  /** Held in flash, not computed. */
  readonly constant: boolean;
  /** Per tensor; a tensor quantized per channel has the scales of `weights`. */
  readonly scale?: number;
  readonly zeroPoint?: number;
  readonly channels?: number;
}

export interface WeightSummary {
  readonly elements: number;
  /** Elements whose real number is exactly zero. */
  readonly zeros: number;
  /** Output channels, and those of them that hold zeros only. 0 where the tensor has no channels of outputs. */
  readonly channels: number;
  readonly dead: number;
}

/** What is known of a layer's weights: counts and bins, never the weights themselves. */
export interface WeightReport extends WeightSummary {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Smallest and largest real number. */
  readonly min: number;
  readonly max: number;
  /** Codes where the tensor is quantized, real numbers where not. Zeros are not in the bins: they would hide the others. */
  readonly histogram: { readonly unit: 'code' | 'real'; readonly from: number; readonly to: number; readonly counts: readonly number[] };
  readonly quantization?: Quantization;
  /** Largest magnitude of each output channel as a real number; 0 marks a dead one. At most `CHANNELS_AT_MOST`. */
  readonly channelMax: readonly number[];
}

export interface ConstantReport {
  readonly role: string;
  readonly dtype: string;
  readonly elements: number;
  readonly bytes: number;
}

/** How the generated C computes the layer. */
export interface KernelReport {
  readonly isa: string;
  readonly functions: readonly string[];
  readonly header: string;
  /** Modelled, on a Cortex-M4 at -O2. */
  readonly codeBytes: number;
  readonly scratchBytes: number;
  readonly constants: readonly ConstantReport[];
}

/** A named part of a layer's instructions: so many of something, each so many instructions. */
export interface TimePart {
  readonly name: string;
  /** What is counted: `MACs`, `outputs`; empty for the call itself. */
  readonly of: string;
  readonly count: number;
  readonly each: number;
  readonly instructions: number;
}

/** Modelled time as a sum: instructions × cycles per instruction ÷ clock × factor. */
export interface LayerTimeReport {
  readonly us: number;
  readonly parts: readonly TimePart[];
  readonly cyclesPerInstruction: number;
  readonly clockHz: number;
  /** Of a calibration on the board itself; 1 without. */
  readonly factor: number;
  /** Where each figure comes from. */
  readonly how: readonly string[];
}

/** One layer as closely as it can be described without running it. */
export interface LayerDetailReport {
  readonly schema: 'tinyml-layer/1';
  readonly layer: LayerReport;
  readonly inputs: readonly TensorReport[];
  readonly outputs: readonly TensorReport[];
  /** Attributes as text: padding, strides, bounds of a fused activation. */
  readonly attributes: readonly { readonly name: string; readonly value: string }[];
  readonly weights?: WeightReport;
  /** Absent where no kernel computes the layer. */
  readonly kernel?: KernelReport;
  /** Absent without a board, and where its kernel was never counted. */
  readonly time?: LayerTimeReport;
}

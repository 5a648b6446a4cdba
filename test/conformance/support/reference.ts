import { bytesOf, fnv1a32, toHex32 } from '../../../src/base/bytes';
import { elementCount } from '../../../src/engine/ir/dtype';
import { emptyData, type Tensor } from '../../../src/engine/ir/tensor';
import type { Model, StaticType } from '../../../src/engine/ir/types';

/** Outputs of one run as the reference recorded them. */
export interface RecordedRun {
  readonly seed?: number;
  readonly input_fnv1a32: string;
  readonly outputs: readonly { readonly fnv1a32: string; readonly values: readonly number[] }[];
}

export interface RecordedModel {
  readonly file: string;
  readonly stateful: boolean;
  readonly runs: readonly RecordedRun[];
  readonly stream?: { readonly seed: number; readonly invocations: readonly RecordedRun[] };
}

/** Hashes of every operator's output, row by row; `nodes` are `index operator tensor`. */
export interface NodeHashes {
  readonly rows: string;
  readonly nodes: readonly string[];
  readonly hash: readonly string[];
}

export interface RecordedLayer {
  readonly node: number;
  readonly op: string;
  readonly output_tensor: number;
  readonly name: string;
  readonly dtype: string;
  readonly first8: readonly number[];
}

/** The generator of the recorded inputs: Numerical Recipes' LCG; see shared/reference/README.md. */
export function inputGenerator(seed: number): (model: Model) => Tensor[] {
  let x = seed >>> 0;
  const next = (): number => (x = (Math.imul(x, 1664525) + 1013904223) >>> 0);
  const number: Readonly<Record<string, (word: number) => number>> = {
    int8: (word) => word >> 24, uint8: (word) => word >>> 24, int16: (word) => word >> 16, float32: (word) => (word >> 24) / 64,
  };
  return (model) =>
    model.graph.inputs.map((id) => {
      const type = model.graph.values.get(id)!.type as StaticType;
      const data = emptyData(type.dtype, elementCount(type.shape));
      for (let i = 0; i < data.length; i++) data[i] = number[type.dtype](next());
      return { type, data };
    });
}

export const hashOf = (tensor: Tensor): string => toHex32(fnv1a32(bytesOf(tensor.data)));

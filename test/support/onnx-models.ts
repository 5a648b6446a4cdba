/** Every ONNX model of the shared material, with seeded inputs and onnxruntime's word on them. */
import fs from 'node:fs';
import path from 'node:path';
import { elementCount } from '../../src/engine/ir/dtype';
import { emptyData, type Tensor } from '../../src/engine/ir/tensor';
import type { Model, StaticType } from '../../src/engine/ir/types';
import type { Bindings } from '../../src/engine/formats/onnx/bind-shapes';
import type { OrtModel } from '../../src/app/runners/ort-client';
import type { OrtTensor } from '../../src/app/runners/ort-contract';
import { random } from '../unit/device/random';
import { sharedFile } from './project';

export const onnxModels = (): string[] => {
  const folder = sharedFile('models');
  return folder ? fs.readdirSync(folder).filter((file) => file.endsWith('.onnx')).sort().map((file) => path.join(folder, file)) : [];
};

/** What the models leave open, besides the batch. */
export const bindings: Readonly<Record<string, Bindings>> = { 'silero_vad_16k_op15.onnx': { sequence: 576, sr: 16000 } };

/** Inputs that are no noise: a sample rate. */
const fixed: Readonly<Record<string, number>> = { sr: 16000 };

/** Uniform in [-1, 1), the same for the same model and seed. */
export function seededInputs(model: Model, seed: number): Tensor[] {
  const numbers = random(seed * 7919 + 1);
  return model.graph.inputs.map((id) => {
    const { name, type } = model.graph.values.get(id)!;
    const data = emptyData(type.dtype, elementCount(type.shape!));
    for (let i = 0; i < data.length; i++) data[i] = fixed[name] ?? numbers.uint32() / 2 ** 31 - 1;
    return { type: type as StaticType, data };
  });
}

export function ortTensor({ type, data }: Tensor): OrtTensor {
  const plain = type.dtype === 'int64' ? BigInt64Array.from(data as Float64Array, BigInt) : data;
  return { type: type.dtype as OrtTensor['type'], shape: type.shape, data: plain as OrtTensor['data'] };
}

/** onnxruntime's outputs, in the model's order. */
export async function ortOutputs(loaded: OrtModel, model: Model, inputs: readonly Tensor[]): Promise<ArrayLike<number>[]> {
  const byName = new Map(model.graph.inputs.map((id, i) => [model.graph.values.get(id)!.name, ortTensor(inputs[i])]));
  const scalar = (name: string): OrtTensor => ({ type: 'int64', shape: [], data: BigInt64Array.of(BigInt(fixed[name])) });
  const feeds = Object.fromEntries(loaded.inputs.map((name) => [name, byName.get(name) ?? scalar(name)]));
  const results = await loaded.run(feeds);
  return loaded.outputs.map((name) => Array.from(results[name].data as ArrayLike<number | bigint>, Number));
}

/**
 * Largest difference, as a share of the largest magnitude in the expected tensor, or of 0.005 where all are smaller:
 * onnxruntime's logistic function is an approximation, off by some 1e-7 near 0.
 */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [worst, largest] = [0, 5e-3];
  for (let i = 0; i < expected.length; i++) {
    worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
    if (Number.isNaN(actual[i]) !== Number.isNaN(expected[i])) return Infinity;
    largest = Math.max(largest, Math.abs(expected[i]));
  }
  return actual.length === expected.length ? worst / largest : Infinity;
}

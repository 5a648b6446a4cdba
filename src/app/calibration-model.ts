import path from 'node:path';
import { estimateRanges } from '../engine/compress/estimate-ranges';
import { quantizeModel } from '../engine/compress/quantize-model';
import { writeOnnx } from '../engine/formats/onnx/write';
import { GraphEditor } from '../engine/ir/edit';
import { constantOf, tensorOf } from '../engine/ir/tensor';
import type { Attributes, Model, ValueId } from '../engine/ir/types';
import { conv } from '../engine/ops/conv/op';
import { dense } from '../engine/ops/dense/op';
import { maxPool } from '../engine/ops/max-pool/op';
import { NodeView } from '../engine/ops/op';
import { reshape } from '../engine/ops/reshape/op';
import { inferNode } from '../engine/passes/infer';
import { canonicalize } from '../engine/passes/pipeline';
import type { CalibrationModelReport, CalibrationModelRequest } from './engine-contract';
import { writeFiles } from './write-files';

/** Samples are the same each time: kernels take the same time for all of them, what varies is the board. */
const SAMPLES = 8;
const SIDE = 10;
const CHANNELS = 8;
const NAME = 'calibration';

/**
 * The model of the micro-benchmark, with its samples: one layer of each kind that weighs in real models, in int8, small enough for
 * an Arduino Uno.
 */
export async function writeCalibrationModel({ folder }: CalibrationModelRequest): Promise<CalibrationModelReport> {
  const model = path.join(folder, `${NAME}.onnx`);
  const project = { models: { [`${NAME}.onnx`]: { data: `${NAME}.npy` } } };
  await writeFiles([
    { path: model, content: writeOnnx({ ...benchmark(), name: `${NAME}.onnx` }).bytes },
    { path: path.join(folder, `${NAME}.npy`), content: npy([SAMPLES, 1, SIDE, SIDE], values(SAMPLES * SIDE * SIDE, 1)) },
    { path: path.join(folder, 'tinyml.json'), content: `${JSON.stringify(project, null, 2)}\n` },
  ]);
  return { path: model };
}

/** In memory, as it is written. */
export function benchmark(): Model {
  const editor = new GraphEditor(NAME);
  const input = editor.addValue('input', { dtype: 'float32', shape: [1, 1, SIDE, SIDE] });
  editor.inputs.push(input);
  const constant = (name: string, shape: readonly number[], scale: number): ValueId => {
    const tensor = tensorOf({ dtype: 'float32', shape }, values(shape.reduce((a, b) => a * b, 1), scale));
    return editor.addValue(name, tensor.type, constantOf(tensor));
  };
  const layer = (op: string, name: string, inputs: readonly ValueId[], attributes: Attributes): ValueId => {
    const output = editor.addValue(`${name}_out`, { dtype: 'float32', shape: undefined });
    inferNode(editor, new NodeView(editor, editor.addNode({ op, name, inputs, outputs: [output], attributes }), 'onnx-float-half-even'));
    return output;
  };
  const window = { layout: 'nchw', strides: [1, 1], dilations: [1, 1] };
  const around = { ...window, pads: [1, 1, 1, 1] };
  const image = layer(conv.name, 'first', [input, constant('first_w', [CHANNELS, 1, 3, 3], 0.3), constant('first_b', [CHANNELS], 0.1)], around);
  const planes = layer(conv.name, 'depthwise', [image, constant('depthwise_w', [CHANNELS, 1, 3, 3], 0.3), constant('depthwise_b', [CHANNELS], 0.1)], { ...around, group: CHANNELS });
  const mixed = layer(conv.name, 'pointwise', [planes, constant('pointwise_w', [CHANNELS, CHANNELS, 1, 1], 0.3), constant('pointwise_b', [CHANNELS], 0.1)], { ...window, pads: [0, 0, 0, 0] });
  const pooled = layer(maxPool.name, 'pool', [mixed], { ...window, kernel: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0] });
  const half = SIDE / 2;
  const flat = layer(reshape.name, 'flatten', [pooled], { shape: [1, CHANNELS * half * half] });
  const scores = layer(dense.name, 'scores', [flat, constant('scores_w', [10, CHANNELS * half * half], 0.2), constant('scores_b', [10], 0.1)], {});
  editor.outputs = [scores];
  const model = canonicalize({
    name: NAME, format: 'onnx', fileBytes: 0, producer: 'TinyML Workbench', rounding: 'onnx-float-half-even', graph: editor.finish(), metadata: new Map(), opsets: new Map([['', 17]]),
  });
  return quantizeModel(model, { formOf: () => ({ activations: 'int8', weights: 'int8' }), ranges: estimateRanges(model, { min: -1, max: 1 }) }).value;
}

/** Even spread in [-scale, scale): a linear congruential generator (Numerical Recipes), so that every run has the same bytes. */
function values(count: number, scale: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 31 - 1) * scale;
  });
}

/** NumPy's format, version 1.0: magic, header of a multiple of 64 bytes, little-endian data. */
function npy(shape: readonly number[], data: Float32Array): Uint8Array {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const header = Buffer.from(`${text.padEnd(length - 1)}\n`, 'latin1');
  return Buffer.concat([Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, length & 255, length >> 8]), header, Buffer.from(data.buffer)]);
}

/** Networks as exporters write them: operator sets in their own dialects, PyTorch's shapes that are computed while the model runs. */
import { random } from '../unit/device/random';
import { node, port, tensor, type ModelParts } from './onnx-builder';
import type { NodeProto, TensorProto } from '../../src/engine/formats/onnx/schema';

/** IR version that came with each operator set from 7 on. Source: onnx docs/Versioning.md. */
const irVersions = [3, 3, 4, 5, 6, 7, 7, 7, 8, 8, 8, 8, 9, 9, 10, 10, 11, 12];

export const operatorSets = Array.from({ length: 18 }, (_, i) => i + 7);

/** x [1, 2, 4, 4] through ops whose attributes became inputs at some operator set, as each set has them. */
export function dialect(opset: number): ModelParts {
  const constants: TensorProto[] = [];
  const given = (name: string, dtype: 'int64' | 'float32', values: number[], dims = [values.length]): string => (constants.push(tensor(name, dtype, dims, values)), name);
  const since = (version: number, inputs: () => string[], attributes: Record<string, number | number[]>): [string[], Record<string, number | number[]>] => (opset >= version ? [inputs(), {}] : [[], attributes]);
  const nodes: NodeProto[] = [];
  const add = (op: string, input: string, output: string[], [more, attributes]: [string[], Record<string, never>] | ReturnType<typeof since> = [[], {}], fixed: Parameters<typeof node>[3] = {}): void =>
    void nodes.push(node(op, [input, ...more], output, { ...attributes, ...fixed }));

  add('BatchNormalization', 'x', ['normal'], [['gain', 'shift', 'mean', 'variance'].map((name, i) => given(name, 'float32', [[1, 2], [0.5, -0.5], [0.1, 0.2], [1, 4]][i])), {}]);
  add('Dropout', 'normal', ['kept'], since(12, () => [given('ratio', 'float32', [0.5], [])], {}), opset < 12 ? { ratio: { float: 0.5 } } : {});
  add('Pad', 'kept', ['padded'], since(11, () => [given('pads', 'int64', [0, 0, 1, 1, 0, 0, 1, 1])], { pads: [0, 0, 1, 1, 0, 0, 1, 1] }));
  add('Slice', 'padded', ['cut'], since(10, () => [given('starts', 'int64', [0, 0]), given('ends', 'int64', [5, 6]), given('axes', 'int64', [2, 3])], { starts: [0, 0], ends: [5, 6], axes: [2, 3] }));
  add('Clip', 'cut', ['limited'], opset >= 11 ? [[given('low', 'float32', [-1], []), given('high', 'float32', [1], [])], {}] : [[], {}], opset < 11 ? { min: { float: -1 }, max: { float: 1 } } : {});
  add('Split', 'limited', ['left', 'right'], since(13, () => [given('parts', 'int64', [2, 4])], { split: [2, 4] }), { axis: 3 });
  add('ReduceMean', 'right', ['average'], since(18, () => [given('over', 'int64', [2])], { axes: [2] }), { keepdims: 0 });
  add('Unsqueeze', 'average', ['wide'], since(13, () => [given('new', 'int64', [2])], { axes: [2] }));
  add('Softmax', 'wide', ['shares'], undefined, { axis: 3 });
  add('ReduceSum', 'shares', ['sum'], since(13, () => [given('last', 'int64', [3])], { axes: [3] }));
  add('Squeeze', 'sum', ['flat'], since(13, () => [given('dropped', 'int64', [2, 3])], { axes: [2, 3] }));
  add('TopK', 'average', ['best', 'places'], since(10, () => [given('k', 'int64', [2])], { k: 2 }));
  if (opset < 10) add('Upsample', 'left', ['large'], opset >= 9 ? [[given('scales', 'float32', [1, 1, 2, 2])], {}] : [[], {}], { mode: 'nearest', ...(opset < 9 ? { scales: { floats: [1, 1, 2, 2] } } : {}) });
  else add('Resize', 'left', ['large'], [[...(opset >= 13 ? [''] : opset >= 11 ? [given('roi', 'float32', [])] : []), given('scales', 'float32', [1, 1, 2, 2])], {}], { mode: 'nearest', ...(opset >= 11 ? { coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' } : {}) });
  return {
    opset, irVersion: irVersions[opset - 7], nodes, initializers: constants,
    // Up to IR version 3 initializers had to be inputs.
    inputs: [port('x', [1, 2, 4, 4]), ...(irVersions[opset - 7] < 4 ? constants.map((constant) => port(constant.name!, constant.dims, constant.dataType === 7 ? 'int64' : 'float32')) : [])],
    outputs: [port('flat', [1, 2]), port('best', [1, 2, 2]), port('large', [1, 2, 10, 4])],
  };
}

/** How PyTorch writes `x.flatten(1)` and its kin. */
export type Flattening = 'Flatten' | 'Reshape' | 'view of size(0)';

/** A CNN as `torch.onnx.export` writes it: NCHW, batch norms apart, an inverted residual, dropout, Gemm with turned weights. */
export function torchCnn(flattening: Flattening, channels: number): ModelParts {
  const numbers = random(channels + 1);
  const initializers: TensorProto[] = [];
  const weights = (name: string, dims: number[]): string => {
    const count = dims.reduce((a, b) => a * b, 1);
    initializers.push(tensor(name, 'float32', dims, Array.from({ length: count }, () => (numbers.uint32() / 2 ** 31 - 1) / Math.sqrt(count / dims[0]))));
    return name;
  };
  const positive = (name: string, dims: number[]): string => {
    initializers.push(tensor(name, 'float32', dims, Array.from({ length: dims[0] }, () => 0.5 + numbers.uint32() / 2 ** 32)));
    return name;
  };
  const nodes: NodeProto[] = [];
  let last = 'x';
  const layer = (op: string, more: string[], attributes: Parameters<typeof node>[3] = {}): string => (nodes.push(node(op, [last, ...more], [`v${nodes.length}`], attributes)), (last = `v${nodes.length - 1}`));
  const convBn = (from: number, to: number, kernel: number, attributes: Parameters<typeof node>[3]): void => {
    const i = nodes.length;
    layer('Conv', [weights(`w${i}`, [to, Number(attributes?.group ?? 1) > 1 ? 1 : from, kernel, kernel])], { kernel_shape: [kernel, kernel], ...attributes });
    layer('BatchNormalization', [weights(`g${i}`, [to]), weights(`b${i}`, [to]), weights(`m${i}`, [to]), positive(`s${i}`, [to])]);
  };
  convBn(channels, 8, 3, { pads: [1, 1, 1, 1] });
  layer('Relu', []);
  layer('MaxPool', [], { kernel_shape: [2, 2], strides: [2, 2] });
  const before = last;
  convBn(8, 16, 1, {});
  layer('Clip', ['zero', 'six']);
  convBn(16, 16, 3, { group: 16, pads: [1, 1, 1, 1] });
  layer('Clip', ['zero', 'six']);
  convBn(16, 8, 1, {});
  layer('Add', [before]);
  convBn(8, 6, 3, { strides: [2, 2], pads: [1, 1, 1, 1] });
  layer('Relu', []);
  layer('Dropout', []);
  initializers.push(tensor('zero', 'float32', [], [0]), tensor('six', 'float32', [], [6]));
  if (flattening === 'Flatten') layer('Flatten', [], { axis: 1 });
  else if (flattening === 'Reshape') {
    initializers.push(tensor('flat', 'int64', [2], [1, -1]));
    layer('Reshape', ['flat']);
  } else {
    const [first, rest, axis] = ['first', 'rest', 'axis'];
    initializers.push(tensor(first, 'int64', [], [0]), tensor(rest, 'int64', [1], [-1]), tensor(axis, 'int64', [1], [0]));
    nodes.push(node('Shape', [last], ['shape']), node('Gather', ['shape', first], ['batch'], { axis: 0 }), node('Unsqueeze', ['batch', axis], ['rows']), node('Concat', ['rows', rest], ['size'], { axis: 0 }));
    layer('Reshape', ['size']);
  }
  layer('Gemm', [weights('fc', [5, 6 * 4 * 4]), weights('fc_bias', [5])], { transB: 1 });
  layer('Softmax', [], { axis: 1 });
  layer('Identity', []);
  return { opset: 13, irVersion: 7, nodes, initializers, inputs: [port('x', ['batch', channels, 16, 16])], outputs: [port(last, ['batch', 5])] };
}

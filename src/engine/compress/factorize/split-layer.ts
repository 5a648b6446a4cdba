import { elementCount } from '../../ir/dtype';
import { GraphEditor } from '../../ir/edit';
import { constantOf, constantTensor, tensorOf } from '../../ir/tensor';
import type { Attributes, Model, Node, NodeId, StaticType, ValueId } from '../../ir/types';
import { conv } from '../../ops/conv/op';
import { geometry } from '../../ops/conv/geometry';
import { dense } from '../../ops/dense/op';
import { NodeView } from '../../ops/op';
import { shapeOfImage, slide, type Layout } from '../../ops/window';
import type { LayerStatistics } from '../prune/narrow';
import { lowRank, type Factors, type LowRank } from './low-rank';

/**
 * How a layer becomes two. `channels`: the whole window to a few channels, then a pointwise layer. `spatial`: a window as high
 * as before and one wide, then one as wide as before and one high (Jaderberg et al. 2014, arXiv 1405.3866).
 */
export const splitForms = ['channels', 'spatial'] as const;
export type SplitForm = (typeof splitForms)[number];

export interface Splitting {
  readonly id: NodeId;
  readonly name: string;
  readonly form: SplitForm;
  /** From this rank on there are no fewer weights. */
  readonly breakEven: number;
  readonly factors: LowRank;
}

/** Every way in which a layer can be split; none for grouped ones. `factorize` where values are not wanted, but sizes. */
export function splittingsOf(model: Model, node: Node, statistics: LayerStatistics, factorize: typeof lowRank = lowRank): Splitting[] {
  const weights = constantTensor(model.graph.values.get(node.inputs[1]!)!);
  const { shape } = weights.type;
  const depth = elementCount(shape.slice(1));
  const channels = (): Splitting => ({ id: node.id, name: node.name, form: 'channels', breakEven: (shape[0] * depth) / (shape[0] + depth), factors: factorize(weights.data, shape[0], depth, statistics.get(node.id)) });
  if (node.op === dense.name) return [channels()];
  if (node.op !== conv.name) return [];
  const { window, group, input } = geometry(new NodeView(model.graph, node, model.rounding));
  if (group > 1) return [];
  const [high, wide] = window.kernel;
  if (window.kernel.length !== 2 || high === 1 || wide === 1) return [channels()];
  const [rows, columns] = [shape[0] * wide, input.channels * high];
  const turned = new Float64Array(rows * columns);
  forEachWeight(window.layout, shape, (o, c, y, x, at) => (turned[(o * wide + x) * columns + c * high + y] = weights.data[at]));
  return [channels(), { id: node.id, name: node.name, form: 'spatial', breakEven: (rows * columns) / (rows + columns), factors: factorize(turned, rows, columns) }];
}

/** The model with a layer split at a rank. The second of the two keeps the layer's id, name, bias and clamp. */
export function splitLayer(model: Model, { id, form, factors }: Splitting, rank: number): Model {
  const editor = GraphEditor.of(model.graph);
  const node = editor.nodes.get(id)!;
  const made = factors.factors(rank);
  const { inner, outer, first, second, between } = node.op === dense.name ? denseParts(model, node, made) : form === 'channels' ? channelParts(model, node, made) : spatialParts(model, node, made);
  const name = `${node.name}.rank${rank}`;
  const middle = editor.addValue(name, { dtype: 'float32', shape: between });
  editor.addNode({ op: node.op, name, inputs: [node.inputs[0], constant(editor, `${name}.weights`, inner.shape, inner.data)], outputs: [middle], attributes: first, origin: node.origin });
  editor.replaceNode(id, { inputs: [middle, constant(editor, editor.value(node.inputs[1]!).name, outer.shape, outer.data), ...node.inputs.slice(2)], attributes: second });
  return { ...model, graph: editor.finish() };
}

interface Parts {
  readonly inner: { readonly shape: readonly number[]; readonly data: ArrayLike<number> };
  readonly outer: { readonly shape: readonly number[]; readonly data: ArrayLike<number> };
  readonly first: Attributes;
  readonly second: Attributes;
  /** Shape of the value between them. */
  readonly between: readonly number[];
}

function denseParts(model: Model, node: Node, { inner, outer, rank }: Factors): Parts {
  const [outputs, depth] = (model.graph.values.get(node.inputs[1]!)!.type as StaticType).shape;
  const { shape } = model.graph.values.get(node.inputs[0]!)!.type as StaticType;
  return { inner: { shape: [rank, depth], data: inner }, outer: { shape: [outputs, rank], data: outer }, first: {}, second: node.attributes, between: [...shape.slice(0, -1), rank] };
}

function channelParts(model: Model, node: Node, { inner, outer, rank }: Factors): Parts {
  const { window, outputChannels, input } = geometry(new NodeView(model.graph, node, model.rounding));
  const { shape } = model.graph.values.get(node.inputs[1]!)!.type as StaticType;
  const ones = window.kernel.map(() => 1);
  return {
    inner: { shape: [rank, ...shape.slice(1)], data: inner },
    outer: { shape: weightShape(window.layout, outputChannels, rank, ones), data: outer },
    first: withoutClamp(node.attributes),
    second: { ...node.attributes, kernel: ones, strides: ones, dilations: ones, pads: [...ones, ...ones].map(() => 0) },
    between: shapeOfImage({ batch: input.batch, channels: rank, spatial: slide(input.spatial, window) }, window.layout),
  };
}

function spatialParts(model: Model, node: Node, { inner, outer, rank }: Factors): Parts {
  const { window, outputChannels, input } = geometry(new NodeView(model.graph, node, model.rounding));
  const { layout, kernel: [high, wide], strides, dilations, padBegin, padEnd } = window;
  const down = { kernel: [high, 1], strides: [strides[0], 1], dilations: [dilations[0], 1], pads: [padBegin[0], 0, padEnd[0], 0] };
  const across = { kernel: [1, wide], strides: [1, strides[1]], dilations: [1, dilations[1]], pads: [0, padBegin[1], 0, padEnd[1]] };
  const [innerShape, outerShape] = [weightShape(layout, rank, input.channels, down.kernel), weightShape(layout, outputChannels, rank, across.kernel)];
  const [first, second] = [innerShape, outerShape].map((shape) => new Float64Array(elementCount(shape)));
  forEachWeight(layout, innerShape, (r, c, y, _x, at) => (first[at] = inner[r * input.channels * high + c * high + y]));
  forEachWeight(layout, outerShape, (o, r, _y, x, at) => (second[at] = outer[(o * wide + x) * rank + r]));
  return {
    inner: { shape: innerShape, data: first }, outer: { shape: outerShape, data: second },
    first: { ...withoutClamp(node.attributes), ...down }, second: { ...node.attributes, ...across },
    between: shapeOfImage({ batch: input.batch, channels: rank, spatial: [slide(input.spatial, window)[0], input.spatial[1]] }, layout),
  };
}

const weightShape = (layout: Layout, out: number, into: number, kernel: readonly number[]): number[] => (layout === 'nchw' ? [out, into, ...kernel] : [out, ...kernel, into]);

const withoutClamp = ({ clampMin: _min, clampMax: _max, ...rest }: Attributes): Attributes => rest;

/** Calls `visit` with output channel, input channel, row, column and place of each weight. */
function forEachWeight(layout: Layout, shape: readonly number[], visit: (o: number, c: number, y: number, x: number, at: number) => void): void {
  const [channels, high, wide] = layout === 'nchw' ? [shape[1], shape[2], shape[3]] : [shape[3], shape[1], shape[2]];
  for (let o = 0; o < shape[0]; o++) {
    for (let c = 0; c < channels; c++) {
      for (let y = 0; y < high; y++) {
        for (let x = 0; x < wide; x++) visit(o, c, y, x, layout === 'nchw' ? ((o * channels + c) * high + y) * wide + x : ((o * high + y) * wide + x) * channels + c);
      }
    }
  }
}

function constant(editor: GraphEditor, name: string, shape: readonly number[], data: ArrayLike<number>): ValueId {
  const type: StaticType = { dtype: 'float32', shape };
  return editor.addValue(name, type, constantOf(tensorOf(type, data)));
}

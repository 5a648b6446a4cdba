import { isQuantizable, type LayerForm } from '../../engine/compress/plan';
import { codeRange } from '../../engine/ir/dtype';
import { constantTensor, realValues } from '../../engine/ir/tensor';
import type { Graph, Node, TensorType, Value } from '../../engine/ir/types';
import { fusedClamp } from '../../engine/ops/clamp-range';
import { NodeView } from '../../engine/ops/op';
import { opOf } from '../../engine/ops/table';
import { clampedRange } from '../../engine/quant/rounding';
import type { HistogramSummary, LayerErrorReport } from '../engine-contract';
import { sampleAt, type SampleArray } from '../data/samples';
import type { Candidate, Lab } from './lab';
import { withSession } from './session';

interface Sums {
  readonly node: Node;
  readonly coded: Value;
  signal: number;
  other: number;
  product: number;
  noise: number;
  saturated: number;
  codes: number;
  readonly activations: number[];
}

const BINS = 32;

/** What each layer with an integer form lost, over all samples: its output in the float model and in the quantized one. */
export async function layerErrors(lab: Lab, { base, quantized, plan }: Candidate, samples: SampleArray): Promise<LayerErrorReport[]> {
  const after = new Map(quantized.graph.nodes.map((node) => [node.id, node]));
  const layers: Sums[] = base.graph.nodes
    .filter((node) => isQuantizable(base.graph, node) && opOf(node).quantization === 'rescales' && after.has(node.id))
    .map((node) => ({ node, coded: quantized.graph.values.get(after.get(node.id)!.outputs[0])!, signal: 0, other: 0, product: 0, noise: 0, saturated: 0, codes: 0, activations: new Array<number>(BINS).fill(0) }));
  await withSession(lab.runner, base, layers.map(({ node }) => node.outputs[0]), async (float) => {
    await lab.forEachSample(quantized, layers.map(({ coded }) => coded.id), samples, 'Measuring each layer', async (values, index) => {
      const expected = await float.run(Float32Array.from(sampleAt(samples, index)));
      layers.forEach((sums, i) => add(sums, expected[i], values[i], edgesOf(base.graph, sums), plan.ranges.get(sums.node.outputs[0])!));
    });
  });
  return layers.map((sums) => {
    const { node } = sums;
    const view = new NodeView(base.graph, node, base.rounding);
    const form: LayerForm = { activations: activationsOf(sums.coded.type), weights: plan.formOf(node).weights };
    const weights = opOf(node).scalesWeights && view.isConstant(1) ? summary(realValues(constantTensor(view.input(1)))) : undefined;
    return {
      name: node.name,
      label: opOf(node).label(view),
      form,
      sqnrDb: sums.noise > 0 ? Math.min(MAX_DB, 10 * Math.log10(Math.max(sums.signal, 1e-300) / sums.noise)) : MAX_DB,
      cosine: sums.signal > 0 && sums.other > 0 ? sums.product / Math.sqrt(sums.signal * sums.other) : sums.signal === sums.other ? 1 : 0,
      saturated: sums.saturated,
      codes: sums.codes,
      activations: { ...plan.ranges.get(node.outputs[0])!, counts: sums.activations },
      ...(weights ? { weights } : {}),
    };
  });
}

/** Equal outputs: more than any float32 result can show. */
const MAX_DB = 200;

const activationsOf = (type: TensorType): LayerForm['activations'] => (!type.quantization ? 'float32' : type.dtype === 'int16' ? 'int16' : 'int8');

/** Real numbers of the outermost codes, where the layer itself does not stop there. */
function edgesOf(graph: Graph, { node, coded }: Sums): readonly [number, number] | undefined {
  const { quantization, dtype, shape } = coded.type;
  // An op that knows its range has codes for all of it.
  if (!quantization || !shape || opOf(node).outputQuantization) return undefined;
  const clamp = fusedClamp(new NodeView(graph, node, 'onnx-float-half-even'));
  const [low, high] = codeRange(dtype);
  const [least, most] = clampedRange({ dtype, shape, quantization }, clamp.min, clamp.max);
  const real = (code: number): number => Math.fround((code - quantization.zeroPoint[0]) * quantization.scale[0]);
  return [clamp.min !== undefined && least >= low && real(low) >= clamp.min - quantization.scale[0] ? -Infinity : real(low), clamp.max !== undefined && most <= high ? Infinity : real(high)];
}

function add(sums: Sums, expected: ArrayLike<number>, actual: ArrayLike<number>, edges: readonly [number, number] | undefined, range: { readonly min: number; readonly max: number }): void {
  const width = (range.max - range.min) / BINS || 1;
  for (let i = 0; i < expected.length; i++) {
    const [x, y] = [expected[i], actual[i]];
    sums.signal += x * x;
    sums.other += y * y;
    sums.product += x * y;
    sums.noise += (x - y) ** 2;
    if (edges) {
      sums.codes++;
      if (y <= edges[0] || y >= edges[1]) sums.saturated++;
    }
    sums.activations[Math.max(0, Math.min(BINS - 1, Math.floor((x - range.min) / width)))]++;
  }
}

function summary(values: ArrayLike<number>): HistogramSummary {
  let [min, max] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) [min, max] = [Math.min(min, values[i]), Math.max(max, values[i])];
  const counts = new Array<number>(BINS).fill(0);
  const width = (max - min) / BINS || 1;
  for (let i = 0; i < values.length; i++) counts[Math.min(BINS - 1, Math.floor((values[i] - min) / width))]++;
  return { min, max, counts };
}

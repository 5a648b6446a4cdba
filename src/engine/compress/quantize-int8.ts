import { outcome, type Outcome } from '../../base/outcome';
import type { Problem } from '../../base/problem';
import { elementCount, isStatic } from '../ir/dtype';
import { GraphEditor } from '../ir/edit';
import { constantOf, constantTensor, tensorOf } from '../ir/tensor';
import { usesOf } from '../ir/traverse';
import type { Graph, Model, Node, Quantization, StaticType, ValueId } from '../ir/types';
import { dequantize } from '../ops/dequantize/op';
import { quantize } from '../ops/quantize/op';
import { opOf } from '../ops/table';
import { roundHalfEven } from '../quant/rounding';
import { compressProblems } from './problems';

/** Smallest and largest real number that a value took during calibration. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** Values whose ranges `quantizeInt8` needs: every real activation that meets a layer with an integer form. */
export function calibratedValues(model: Model): ValueId[] {
  const { graph } = model;
  const wanted = new Set<ValueId>();
  for (const node of graph.nodes) {
    if (!isQuantizable(graph, node)) continue;
    for (const id of [...node.inputs, ...node.outputs]) if (id !== undefined && !graph.values.get(id)!.constant) wanted.add(id);
  }
  return [...wanted];
}

/** The layer has an integer form and works on real numbers now. */
function isQuantizable(graph: Graph, node: Node): boolean {
  const isReal = (id: ValueId | undefined): boolean => {
    if (id === undefined) return true;
    const { type } = graph.values.get(id)!;
    return type.dtype === 'float32' && isStatic(type);
  };
  return opOf(node).quantization !== undefined && node.inputs.every(isReal) && node.outputs.every(isReal);
}

/**
 * int8 form of a canonical model: weights symmetric per output channel, activations asymmetric per tensor, bias int32 at
 * input scale * weight scale. Layers without an integer form stay in float between dequantize and quantize.
 */
export function quantizeInt8(model: Model, ranges: ReadonlyMap<ValueId, Range>): Outcome<Model> {
  const problems: Problem[] = [];
  const { graph } = model;
  const editor = GraphEditor.of(graph);
  const scales = activationScales(graph, ranges);
  /** Codes of a value that was real before. */
  const codes = new Map<ValueId, ValueId>();
  const { producer } = usesOf(graph);
  const codesOf = (id: ValueId): ValueId => {
    let code = codes.get(id);
    if (code === undefined) {
      const { name, type } = graph.values.get(id)!;
      code = editor.addValue(`${name}_int8`, { dtype: 'int8', shape: type.shape, quantization: scales.get(id) });
      codes.set(id, code);
      editor.addNode({ op: quantize.name, name: `${name}_quantize`, inputs: [id], outputs: [code], origin: producer.get(id)?.origin ?? [] });
    }
    return code;
  };

  for (const node of graph.nodes) {
    if (!isQuantizable(graph, node)) continue;
    const inputs = node.inputs.map((id) => (id === undefined || graph.values.get(id)!.constant ? id : codesOf(id)));
    if (opOf(node).scalesWeights) {
      const bad = quantizeWeights(editor, node, inputs, scales.get(node.inputs[0]!)!);
      if (bad) {
        problems.push(bad);
        continue;
      }
    } else if (inputs.some((id) => id !== undefined && editor.value(id).constant)) {
      continue;
    }
    const [output] = node.outputs;
    const { name, type } = graph.values.get(output)!;
    const code = editor.addValue(`${name}_int8`, { dtype: 'int8', shape: type.shape, quantization: scales.get(output) });
    codes.set(output, code);
    editor.replaceNode(node.id, { inputs, outputs: [code] });
    editor.addNode({ op: dequantize.name, name: `${name}_dequantize`, inputs: [code], outputs: [output], origin: node.origin });
  }
  return outcome({ ...model, graph: editor.finish() }, problems);
}

/** Codes that pass through a layer unchanged keep their scale; all others get one from their range. */
function activationScales(graph: Graph, ranges: ReadonlyMap<ValueId, Range>): Map<ValueId, Quantization> {
  const scales = new Map<ValueId, Quantization>();
  for (const id of graph.inputs) if (ranges.has(id)) scales.set(id, asymmetric(ranges.get(id)!));
  for (const node of graph.nodes) {
    const op = opOf(node);
    for (const id of node.inputs) if (id !== undefined && ranges.has(id) && !scales.has(id)) scales.set(id, asymmetric(ranges.get(id)!));
    for (const id of node.outputs) {
      const kept = op.quantization === 'keeps' && isQuantizable(graph, node) ? scales.get(node.inputs[0]!) : undefined;
      if (kept) scales.set(id, kept);
      else if (op.outputQuantization) scales.set(id, op.outputQuantization);
      else if (ranges.has(id)) scales.set(id, asymmetric(ranges.get(id)!));
    }
  }
  return scales;
}

/** Scale and zero point that cover a range and hit zero exactly, so that padding adds nothing. */
export function asymmetric(range: Range): Quantization {
  const min = Math.min(0, range.min);
  const max = Math.max(0, range.max);
  const scale = Math.fround((max - min) / 255) || 1;
  return { scale: [scale], zeroPoint: [Math.max(-128, Math.min(127, roundHalfEven(-128 - min / scale)))] };
}

/** Largest |bias| code: int32 with room for the sum of products. */
const MAX_BIAS = 2 ** 30;

/** Replaces weights and bias in `inputs` by codes; returns why it cannot. */
function quantizeWeights(editor: GraphEditor, node: Node, inputs: (ValueId | undefined)[], input: Quantization): Problem | undefined {
  const weights = editor.value(inputs[1]!);
  const bias = inputs[2] === undefined ? undefined : editor.value(inputs[2]);
  if (!weights.constant || (bias && !bias.constant)) return compressProblems.varyingWeights(node.name);
  const tensor = constantTensor(weights);
  const channels = tensor.type.shape[0];
  const depth = elementCount(tensor.type.shape) / channels;
  const biases = bias && constantTensor(bias).data;
  if (!tensor.data.every(Number.isFinite) || (biases && !biases.every(Number.isFinite))) return compressProblems.notFinite(node.name);

  const scale = Array.from({ length: channels }, (_, c) => {
    let largest = 0;
    for (let i = c * depth; i < (c + 1) * depth; i++) largest = Math.max(largest, Math.abs(tensor.data[i]));
    // A bias far larger than its weights would not fit into int32 at the product of the scales.
    const forBias = biases ? Math.abs(biases[c]) / (MAX_BIAS * input.scale[0]) : 0;
    return Math.fround(Math.max(largest / 127, forBias)) || 1;
  });
  const weightType: StaticType = { dtype: 'int8', shape: tensor.type.shape, quantization: { scale, zeroPoint: scale.map(() => 0), axis: 0 } };
  const codes = tensorOf(weightType, Float64Array.from(tensor.data, (w, i) => clampTo(127, roundHalfEven(w / scale[Math.floor(i / depth)]))));
  inputs[1] = editor.addValue(`${weights.name}_int8`, weightType, constantOf(codes));
  if (!biases) return undefined;
  const biasScale = scale.map((s) => Math.fround(s * input.scale[0]));
  const biasType: StaticType = { dtype: 'int32', shape: [channels], quantization: { scale: biasScale, zeroPoint: scale.map(() => 0), axis: 0 } };
  const biasCodes = tensorOf(biasType, Float64Array.from(biases, (b, c) => clampTo(2 ** 31 - 1, roundHalfEven(b / biasScale[c]))));
  inputs[2] = editor.addValue(`${bias!.name}_int32`, biasType, constantOf(biasCodes));
  return undefined;
}

const clampTo = (limit: number, x: number): number => Math.max(-limit, Math.min(limit, x));

import type { Problem } from '../../base/problem';
import { elementCount } from '../ir/dtype';
import type { GraphEditor } from '../ir/edit';
import { constantOf, constantTensor, tensorOf } from '../ir/tensor';
import type { Node, Quantization, StaticType, ValueId } from '../ir/types';
import { roundHalfEven } from '../quant/rounding';
import { nearestCode, scaleOfNearest, weightGrids } from '../quant/weight-types';
import { rowBlocks, type RowBlocks } from './weight-blocks';
import type { ChosenWeights, QuantizePlan, WeightForm } from './plan';
import { compressProblems } from './problems';

/** Largest |bias| code: int32 with room for the sum of products. */
const MAX_BIAS = 2 ** 30;

/** Largest number in half precision. Source: IEEE 754-2008, binary16. */
const LARGEST_HALF = 65504;

/** Inputs of the layer with its weights and bias in their stored form, or undefined where they stay as they are. */
export interface StoredWeights {
  readonly inputs?: readonly (ValueId | undefined)[];
  readonly problem?: Problem;
}

/**
 * Puts weights, and for integer arithmetic the bias, into their stored form. `input` is the scale of the layer's input codes,
 * undefined where its activations are real: the bias then stays real too.
 */
export function storeWeights(editor: GraphEditor, node: Node, form: WeightForm, input: Quantization | undefined, plan: QuantizePlan): StoredWeights {
  const weights = editor.value(node.inputs[1]!);
  const bias = node.inputs[2] === undefined ? undefined : editor.value(node.inputs[2]);
  if (!weights.constant || (bias && !bias.constant)) return { problem: compressProblems.varyingWeights(node.name) };
  const tensor = constantTensor(weights);
  const chosen = plan.chosen?.get(node.id);
  const biases = chosen?.bias ?? (bias && constantTensor(bias).data);
  const isFinite = (numbers: ArrayLike<number>): boolean => Array.prototype.every.call(numbers, Number.isFinite);
  if (!isFinite(tensor.data) || (biases && !isFinite(biases))) return { problem: compressProblems.notFinite(node.name) };

  const { shape } = tensor.type;
  const channels = shape[0];
  const biasName = bias?.name ?? `${node.name}.bias`;
  if (form === 'float16' || form === 'float32') {
    // Integer activations demand integer weights.
    if (form === 'float32' || input) return {};
    if (Array.prototype.some.call(tensor.data, (w: number) => Math.abs(w) > LARGEST_HALF)) return { problem: compressProblems.beyondHalf(node.name, LARGEST_HALF) };
    const type: StaticType = { dtype: 'float16', shape };
    return { inputs: [node.inputs[0], editor.addValue(`${weights.name}_float16`, type, constantOf(tensorOf(type, tensor.data))), node.inputs[2]] };
  }
  // Sums of codes have one scale.
  const blocks = input ? undefined : rowBlocks(node, tensor.type, plan.groupSize);
  const { codes, scale } = chosen ?? (blocks
    ? nearestInBlocks(tensor.data, channels, form, blocks)
    : nearestWeights(tensor.data, channels, form, plan.perTensor ?? false, input && biases ? minimalScales(biases, input) : undefined));
  const type: StaticType = { dtype: weightGrids[form].dtype, shape, quantization: { scale, zeroPoint: scale.map(() => 0), axis: 0, ...(blocks ? { block: blocks.block } : {}) } };
  const stored = editor.addValue(`${weights.name}_${form}`, type, constantOf(tensorOf(type, codes)));
  if (!biases) return { inputs: [node.inputs[0], stored] };
  return { inputs: [node.inputs[0], stored, input ? integerBias(editor, biasName, biases, scale, input) : realBias(editor, biasName, biases, chosen, node)] };
}

/** A bias far larger than its weights would not fit into int32 at the product of the scales. */
export const minimalScales = (biases: ArrayLike<number>, input: Quantization): number[] => Array.from(biases, (b) => Math.abs(b) / (MAX_BIAS * input.scale[0]));

/** Nearest codes, with a scale for each channel or, per tensor, one for the whole layer. */
function nearestWeights(data: ArrayLike<number>, channels: number, form: keyof typeof weightGrids, perTensor: boolean, atLeast: readonly number[] | undefined): ChosenWeights {
  const grid = weightGrids[form];
  const depth = elementCount([data.length]) / channels;
  const own = Array.from({ length: channels }, (_, c) => Math.max(scaleOfNearest(grid, data, c * depth, depth), atLeast?.[c] ?? 0));
  const scale = own.map((s) => Math.fround(perTensor ? Math.max(...own) : s) || 1);
  return { codes: Float64Array.from(data, (w, i) => nearestCode(grid, w / scale[Math.floor(i / depth)])), scale };
}

/** Nearest codes, with a scale for each block of a channel. */
function nearestInBlocks(data: ArrayLike<number>, channels: number, form: keyof typeof weightGrids, { count, of }: RowBlocks): ChosenWeights {
  const grid = weightGrids[form];
  const depth = of.length;
  const scale: number[] = [];
  const codes = new Float64Array(data.length);
  for (let c = 0; c < channels; c++) {
    for (let block = 0; block < count; block++) {
      const members = Array.from(of.keys()).filter((i) => of[i] === block);
      const own = Float64Array.from(members, (i) => data[c * depth + i]);
      const step = Math.fround(scaleOfNearest(grid, own, 0, own.length)) || 1;
      scale.push(step);
      members.forEach((i, at) => (codes[c * depth + i] = nearestCode(grid, own[at] / step)));
    }
  }
  return { codes, scale };
}

function integerBias(editor: GraphEditor, name: string, biases: ArrayLike<number>, weightScale: readonly number[], input: Quantization): ValueId {
  const scale = weightScale.map((s) => Math.fround(s * input.scale[0]));
  const type: StaticType = { dtype: 'int32', shape: [scale.length], quantization: { scale, zeroPoint: scale.map(() => 0), axis: 0 } };
  const limit = 2 ** 31 - 1;
  const codes = Float64Array.from(biases, (b, c) => Math.max(-limit, Math.min(limit, roundHalfEven(b / scale[c]))));
  return editor.addValue(`${name}_int32`, type, constantOf(tensorOf(type, codes)));
}

function realBias(editor: GraphEditor, name: string, biases: ArrayLike<number>, chosen: ChosenWeights | undefined, node: Node): ValueId | undefined {
  if (!chosen?.bias) return node.inputs[2];
  const type: StaticType = { dtype: 'float32', shape: [biases.length] };
  return editor.addValue(`${name}_corrected`, type, constantOf(tensorOf(type, biases)));
}

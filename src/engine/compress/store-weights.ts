import type { Problem } from '../../base/problem';
import { elementCount } from '../ir/dtype';
import type { GraphEditor } from '../ir/edit';
import { constantOf, constantTensor, tensorOf } from '../ir/tensor';
import type { Node, Quantization, StaticType, ValueId } from '../ir/types';
import { roundHalfEven } from '../quant/rounding';
import { nearestCode, scaleOfNearest, weightGrids } from '../quant/weight-types';
import type { ChosenWeights, QuantizePlan, WeightForm } from './plan';
import { compressProblems } from './problems';

/** Largest |bias| code: int32 with room for the sum of products. */
const MAX_BIAS = 2 ** 30;

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
    const type: StaticType = { dtype: 'float16', shape };
    return { inputs: [node.inputs[0], editor.addValue(`${weights.name}_float16`, type, constantOf(tensorOf(type, tensor.data))), node.inputs[2]] };
  }
  const { codes, scale } = chosen ?? nearestWeights(tensor.data, channels, form, plan.perTensor ?? false, input && biases ? minimalScales(biases, input) : undefined);
  const type: StaticType = { dtype: weightGrids[form].dtype, shape, quantization: { scale, zeroPoint: scale.map(() => 0), axis: 0 } };
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

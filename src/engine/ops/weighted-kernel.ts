import { cTypeOf, isCodes, suffixOf } from '../codegen/element-types';
import type { Instance, Kernel, KernelHeader, Overlap, PackedConstant } from '../codegen/kernel';
import { requantizeHeader } from '../codegen/runtime/requantize-header';
import { dtypes } from '../ir/dtype';
import { clampedRange } from '../quant/rounding';
import { fusedClamp } from './clamp-range';
import { codedWeights } from './coded-weights';
import { fixedMembers, multiplierConstants } from './fixed-weights';
import type { NodeView } from './op';
import { isFixedPoint } from './real-result';
import { storedWeights, type StoredWeights } from './stored-weights';
import { hasConstantWeights, outputScales, weightScales } from './weights';
import text from './tml_weighted.h';

export const weightedHeader: KernelHeader = { file: 'tml_weighted.h', text, needs: [requantizeHeader] };

/** One layer with weights, in all types. */
export interface WeightedLayer {
  readonly header: KernelHeader;
  readonly macro: string;
  readonly params: string;
  /** What the C functions' names begin with. */
  readonly name: string;
  /** True where the layer's shape is one that the C loops compute. */
  supports(node: NodeView): boolean;
  members(node: NodeView): Record<string, number>;
  readonly singlePrecisionProduct?: boolean;
  /** For elements of a byte: how far before its input the output must start at least to lie over it; undefined where it cannot. */
  overlap?(members: Readonly<Record<string, number>>): number | undefined;
  /** Rows that get a scale of their own where activations are real and weights are not, as C and as numbers; absent: never. */
  hybridRows?(node: NodeView): { readonly rows: number; readonly length: number; readonly c: readonly [string, string]; readonly asymmetric: boolean };
}

export type Rule = 'F32' | 'REAL' | 'BLOCK' | 'HYBRID' | 'Q31' | 'WIDE' | 'EVEN' | 'EVEN_WIDE';

const codeTypes = new Set(['int8', 'uint8', 'int16']);

export function ruleOf(layer: Pick<WeightedLayer, 'hybridRows'>, node: NodeView): Rule | undefined {
  const [input, weights, output] = [node.type(0), node.type(1), node.outputType()];
  const bias = node.has(2) ? node.type(2).dtype : undefined;
  const isFixed = isFixedPoint(node.rounding);
  if (weights.quantization && weights.quantization.zeroPoint.some((zero) => zero !== weights.quantization!.zeroPoint[0])) return undefined;
  if (input.dtype === 'float32' && output.dtype === 'float32') {
    if (bias !== undefined && bias !== 'float32') return undefined;
    if (!weights.quantization) return weights.dtype === 'float32' || weights.dtype === 'float16' ? 'F32' : undefined;
    if (weights.quantization.block) return 'BLOCK';
    return isFixed && layer.hybridRows && !node.flag('realInputs') ? 'HYBRID' : 'REAL';
  }
  if (!isCodes(input) || !isCodes(output) || !weights.quantization || weights.quantization.block || !codeTypes.has(input.dtype) || !codeTypes.has(output.dtype)) return undefined;
  if (bias !== undefined && bias !== 'int32' && bias !== 'int64') return undefined;
  if (!isFixed) return bias === 'int64' ? 'EVEN_WIDE' : 'EVEN';
  if (output.dtype === 'int16' && bias !== 'int32') return 'WIDE';
  return bias === 'int64' ? undefined : 'Q31';
}

/** The kernel that takes what faster ones leave: other types of activations and weights, and combinations of them. */
export const weightedKernel = (layer: WeightedLayer): Kernel => kernelFor(layer, storedWeights, 320, 470);

/** The same with weights as codes into a codebook, read as they are decoded: where flash counts more than time. */
export const codedKernel = (layer: WeightedLayer): Kernel => kernelFor(layer, codedWeights, 370, 520, true);

const kernelFor = (layer: WeightedLayer, weightsOf: (node: NodeView) => StoredWeights | undefined, codeBytes: number, hybridCodeBytes: number, isCoded = false): Kernel => ({
  header: layer.header,
  supports: (node) => hasConstantWeights(node) && weightsOf(node) !== undefined && ruleOf(layer, node) !== undefined && layer.supports(node),
  plan(node) {
    const rule = ruleOf(layer, node)!;
    const stored = weightsOf(node)!;
    const hybrid = rule === 'HYBRID' ? layer.hybridRows!(node) : undefined;
    const [input, output] = [node.staticType(0), node.outputType()];
    const name = [layer.name, ...[input, output].map(suffixOf), stored.form.toLowerCase(), rule.toLowerCase()].join('_');
    return {
      function: name,
      params: { type: layer.params, members: { ...layer.members(node), ...ruleMembers(node, rule), ...(hybrid ? { asymmetric: hybrid.asymmetric ? 1 : 0 } : {}) } },
      inputs: [0],
      constants: [stored.constant, ...ruleConstants(node, rule, layer.singlePrecisionProduct ?? false)],
      overlaps: overlapsOf(node, layer.overlap?.(layer.members(node))),
      scratchBytes: hybrid ? 8 * hybrid.rows + hybrid.rows * hybrid.length : undefined,
      inputTypes: [cTypeOf(input)],
      outputType: cTypeOf(output),
      instances: instancesOf(layer, name, stored, rule, cTypeOf(input), cTypeOf(output), hybrid?.c),
      codeBytes: hybrid ? hybridCodeBytes : codeBytes,
      // Every product looks its weight up.
      ...(isCoded ? { work: { form: `${stored.form}_${rule}`.toLowerCase() } } : {}),
    };
  },
});

/** Where input and output have a byte for each element. */
export const overlapsOf = (node: NodeView, before: number | undefined): readonly Overlap[] =>
  before === undefined || [node.type(0), node.outputType()].some(({ dtype }) => dtypes[dtype].bits !== 8) ? [] : [{ input: 0, same: false, before }];

function instancesOf(layer: WeightedLayer, name: string, { form }: StoredWeights, rule: Rule, input: string, output: string, hybrid: readonly [string, string] | undefined): readonly Instance[] {
  const isWide = input === 'int16_t' || rule === 'WIDE' || rule === 'EVEN_WIDE';
  const acc = rule === 'F32' || rule === 'REAL' || rule === 'BLOCK' ? 'float' : isWide ? 'int64_t' : 'int32_t';
  if (!hybrid) return [{ macro: layer.macro, name, args: [input, acc, form, output, rule], codeBytes: 0 }];
  return [
    { macro: layer.macro, name: `${name}_core`, args: ['int8_t', acc, form, output, rule], codeBytes: 0 },
    { macro: 'TML_HYBRID', name, args: [layer.params, form, `${name}_core`, ...hybrid], codeBytes: 0 },
  ];
}

const isReal = (rule: Rule): boolean => rule === 'F32' || rule === 'REAL' || rule === 'BLOCK' || rule === 'HYBRID';

/** Input channels that share a scale, and how many such blocks an output channel has. */
function blockMembers(node: NodeView): Record<string, number> {
  const { quantization, shape } = node.staticType(1);
  const block = quantization?.block;
  return block ? { block: block.size, blocks: Math.ceil(shape[block.axis] / block.size) } : {};
}

export function ruleMembers(node: NodeView, rule: Rule): Record<string, number> {
  const { min, max } = fusedClamp(node);
  const weightZero = node.staticType(1).quantization?.zeroPoint[0] ?? 0;
  if (isReal(rule)) return { weight_zero_point: weightZero, real_low: min ?? -Infinity, real_high: max ?? Infinity, ...blockMembers(node) };
  const output = node.outputType();
  const [low, high] = clampedRange(output, min, max);
  return {
    in_zero_point: node.staticType(0).quantization!.zeroPoint[0], weight_zero_point: weightZero, out_zero_point: output.quantization!.zeroPoint[0], low, high,
    ...(rule === 'Q31' || rule === 'WIDE' ? fixedMembers(node) : {}),
  };
}

export function ruleConstants(node: NodeView, rule: Rule, singlePrecisionProduct: boolean): readonly PackedConstant[] {
  const channels = node.staticType(1).shape[0];
  const dtype = isReal(rule) ? 'float32' : rule === 'WIDE' || rule === 'EVEN_WIDE' ? 'int64' : 'int32';
  const bias: PackedConstant = { role: 'bias', dtype, elements: channels, make: () => node.constant(2)?.data ?? new Float64Array(channels) };
  if (rule === 'F32') return [bias];
  if (isReal(rule)) return [bias, weightScales(node, channels)];
  return [bias, ...(rule === 'Q31' || rule === 'WIDE' ? multiplierConstants(node, singlePrecisionProduct) : [outputScales(node, channels)])];
}

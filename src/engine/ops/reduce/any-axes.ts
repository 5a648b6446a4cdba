import { cTypeOf, isCodes, isElement, suffixOf } from '../../codegen/element-types';
import type { Kernel } from '../../codegen/kernel';
import { requantizeHeader } from '../../codegen/runtime/requantize-header';
import { codeRange, isFloatType } from '../../ir/dtype';
import { equalQuantization } from '../../quant/equal';
import { roundingsOf } from '../fixed-weights';
import type { NodeView } from '../op';
import { isFixedPoint } from '../real-result';
import { reducedAxes } from './axes';
import { sumMultiplier } from './fixed-mean';
import text from './tml_reduce_axes.h';

interface Reduction {
  readonly acc: string;
  readonly start: string;
  readonly step: string;
  readonly finish: string;
}

/** Real numbers. */
const real: Readonly<Record<string, Omit<Reduction, 'acc'>>> = {
  sum: { start: '0', step: 'TML_STEP_SUM', finish: 'TML_FINISH_SAME' }, mean: { start: '0', step: 'TML_STEP_SUM', finish: 'TML_FINISH_FACTOR' },
  max: { start: '-INFINITY', step: 'TML_STEP_MAX', finish: 'TML_FINISH_SAME' }, min: { start: 'INFINITY', step: 'TML_STEP_MIN', finish: 'TML_FINISH_SAME' },
  prod: { start: '1', step: 'TML_STEP_PRODUCT', finish: 'TML_FINISH_SAME' }, l1: { start: '0', step: 'TML_STEP_SIZES', finish: 'TML_FINISH_SAME' },
  l2: { start: '0', step: 'TML_STEP_SQUARES', finish: 'TML_FINISH_ROOT' }, sum_square: { start: '0', step: 'TML_STEP_SQUARES', finish: 'TML_FINISH_SAME' },
  log_sum: { start: '0', step: 'TML_STEP_SUM', finish: 'TML_FINISH_LOG' },
};

const AXES = 3;

/** Axes that stay and axes that go, neighbours of one kind as one; undefined where there are more than three of a kind. */
function axesOf(node: NodeView): Record<string, number> | undefined {
  const { shape } = node.staticType(0);
  const gone = reducedAxes(node, shape.length);
  const groups = { kept: [] as { count: number; step: number }[], gone: [] as { count: number; step: number }[] };
  for (let axis = shape.length - 1, step = 1; axis >= 0; step *= shape[axis--]) {
    if (shape[axis] === 1) continue;
    const group = groups[gone.has(axis) ? 'gone' : 'kept'];
    if (group.length && group[0].step * group[0].count === step) group[0].count *= shape[axis];
    else group.unshift({ count: shape[axis], step });
  }
  if (groups.kept.length > AXES || groups.gone.length > AXES) return undefined;
  const members = Object.entries(groups).flatMap(([name, list]) => {
    while (list.length < AXES) list.unshift({ count: 1, step: 0 });
    return list.flatMap(({ count, step }, i) => [[`${name}_${i}`, count], [`${name}_step_${i}`, step]] as const);
  });
  return Object.fromEntries(members);
}

function reductionOf(node: NodeView): { readonly reduction: Reduction; readonly members: Record<string, number> } | undefined {
  const mode = node.text('mode');
  const [from, to] = [node.staticType(0), node.outputType()];
  const { count, mantissa, shift } = from.quantization && to.quantization ? sumMultiplier(node) : { ...noMultiplier, count: countOf(node) };
  if (from.dtype === 'float32' && real[mode]) return { reduction: { acc: 'float', ...real[mode] }, members: { factor: Math.fround(1 / Math.max(1, count)) } };
  if (from.dtype === 'bool' && (mode === 'any' || mode === 'all')) {
    return { reduction: { acc: 'int32_t', start: mode === 'all' ? '1' : '0', step: mode === 'all' ? 'TML_STEP_ALL' : 'TML_STEP_ANY', finish: 'TML_FINISH_SAME' }, members: {} };
  }
  const isOrder = mode === 'max' || mode === 'min';
  const isSame = from.quantization === undefined || equalQuantization(from.quantization, to.quantization);
  if (isOrder && isSame && !isFloatType(from.dtype) && from.dtype === to.dtype && from.dtype !== 'int64') {
    const [low, high] = codeRange(from.dtype);
    return { reduction: { acc: 'int64_t', start: `${mode === 'max' ? low : high}LL`, step: real[mode].step, finish: 'TML_FINISH_SAME' }, members: {} };
  }
  if (!from.quantization && !to.quantization && !isFloatType(from.dtype) && ['sum', 'prod'].includes(mode)) {
    return { reduction: { acc: 'int64_t', start: real[mode].start, step: real[mode].step, finish: 'TML_FINISH_SAME' }, members: {} };
  }
  if (!isCodes(from) || !isCodes(to) || !['mean', 'sum'].includes(mode)) return undefined;
  const [low, high] = codeRange(to.dtype);
  const codes = { count, in_zero_point: from.quantization!.zeroPoint[0], out_zero_point: to.quantization!.zeroPoint[0], low, high };
  const sum = { acc: 'int64_t', start: '0', step: 'TML_STEP_SUM' };
  if (isFixedPoint(node.rounding)) return { reduction: { ...sum, finish: 'TML_FINISH_FIXED' }, members: { ...codes, mantissa, shift, roundings: roundingsOf(node) } };
  const scales = { scale: Math.fround(from.quantization!.scale[0]), out_scale: Math.fround(to.quantization!.scale[0]) };
  return { reduction: { ...sum, finish: `TML_FINISH_REAL_${mode.toUpperCase()}` }, members: { ...codes, ...scales } };
}

const noMultiplier = { mantissa: 0, shift: 0 };
const countOf = (node: NodeView): number => {
  const { shape } = node.staticType(0);
  return [...reducedAxes(node, shape.length)].reduce((product, axis) => product * shape[axis], 1);
};

export const reduceAnyAxes: Kernel = {
  header: { file: 'tml_reduce_axes.h', text, needs: [requantizeHeader] },
  supports: (node) => isElement(node.type(0)) && isElement(node.outputType()) && axesOf(node) !== undefined && reductionOf(node) !== undefined,
  plan(node) {
    const { reduction, members } = reductionOf(node)!;
    const [from, to] = [node.staticType(0), node.outputType()];
    const name = `tml_reduce_${node.text('mode')}_${suffixOf(from)}_${suffixOf(to)}`;
    return {
      function: name,
      params: { type: 'tml_reduce_axes_params', members: { ...axesOf(node)!, ...members } },
      inputs: [0],
      constants: [],
      overlaps: [],
      inputTypes: [cTypeOf(from)],
      outputType: cTypeOf(to),
      instances: [{ macro: 'TML_REDUCE', name, args: [cTypeOf(from), reduction.acc, cTypeOf(to), reduction.start, reduction.step, reduction.finish], codeBytes: 0 }],
      codeBytes: 130,
    };
  },
};

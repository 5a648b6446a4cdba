import { codeRange } from '../../ir/dtype';
import { zeros, type Tensor } from '../../ir/tensor';
import { scalerOf } from '../../quant/fixed-point';
import { clampReal, fusedClamp } from '../clamp-range';
import { resultDtype, ShapeError, type NodeView, type OpDefinition } from '../op';
import { svdfKernels } from './kernels';
import { svdfMultipliers } from './multipliers';
import { svdfTflite } from './tflite';

/**
 * Low-rank filter over time (R. Alvarez, P. Denil: "End-to-end streaming keyword spotting"). Inputs: x [batch, in], feature
 * weights [filters, in], time weights [filters, memory], optional bias [units], state [batch, filters * memory]. Outputs: y
 * [batch, units], the next state. filters = units * rank. Attributes: rank, clampMin, clampMax (float only).
 */
export const svdf: OpDefinition = {
  name: 'svdf',
  label: (node) => `SVDF rank ${node.int('rank')}`,
  family: 'dense',
  fusesClamp: true,
  keepsState: true,
  infer(node) {
    const [filters, width] = node.staticType(1).shape;
    const [filtersOfTime, memory] = node.staticType(2).shape;
    const x = node.staticType(0);
    const rank = node.int('rank');
    const state = node.staticType(4);
    if (x.shape.length !== 2 || x.shape[1] !== width || filters !== filtersOfTime) throw new ShapeError(`rows of ${x.shape.join('×')}, weights for ${width}`);
    if (!(rank >= 1) || filters % rank !== 0) throw new ShapeError(`${filters} filters of rank ${rank}`);
    if (state.shape.reduce((a, b) => a * b, 1) !== x.shape[0] * filters * memory) throw new ShapeError(`a state of ${state.shape.join('×')} for ${filters} filters of ${memory}`);
    return [{ dtype: resultDtype(node), shape: [x.shape[0], filters / rank] }, state];
  },
  macs(node) {
    const [filters, width] = node.staticType(1).shape;
    return node.staticType(0).shape[0] * filters * (width + node.staticType(2).shape[1]);
  },
  evaluate(node, [x, feature, time, bias, state]) {
    const run = node.outputType().quantization ? fixedArithmetic(node) : floatArithmetic(node);
    return filter(node, run, x!, feature!, time!, bias, state!);
  },
  kernels: svdfKernels,
  tflite: svdfTflite,
};

interface Arithmetic {
  readonly inputZero: number;
  readonly stateZero: number;
  remember(sum: number): number;
  finish(sum: number): number;
}

function floatArithmetic(node: NodeView): Arithmetic {
  const clamp = fusedClamp(node);
  return { inputZero: 0, stateZero: 0, remember: (sum) => sum, finish: (sum) => clampReal(sum, clamp) };
}

/** Scales are combined in float32; the fused activation is not applied to codes. Source: TFLM svdf_common.cc. */
function fixedArithmetic(node: NodeView): Arithmetic {
  const [x, state, y] = [node.staticType(0), node.staticType(4), node.outputType()].map((type) => type.quantization!);
  const multipliers = svdfMultipliers(node);
  const toState = scalerOf(node.rounding, multipliers.state);
  const toOutput = scalerOf(node.rounding, multipliers.output);
  const [stateLow, stateHigh] = codeRange(node.staticType(4).dtype);
  const [low, high] = codeRange(node.outputType().dtype);
  const stateZero = state.zeroPoint[0];
  return {
    inputZero: x.zeroPoint[0],
    stateZero,
    remember: (sum) => stateZero + Math.min(stateHigh, Math.max(stateLow, toState(sum | 0))),
    finish: (sum) => Math.min(high, Math.max(low, toOutput(sum | 0) + y.zeroPoint[0])),
  };
}

function filter(node: NodeView, run: Arithmetic, x: Tensor, feature: Tensor, time: Tensor, bias: Tensor | undefined, state: Tensor): readonly Tensor[] {
  const [batches, width] = x.type.shape;
  const [filters, memory] = time.type.shape;
  const rank = node.int('rank');
  const units = filters / rank;
  const y = zeros(node.outputType());
  const next = zeros(node.outputType(1));
  // Every filter's memory moves one step towards its beginning; the last element is made anew below.
  next.data.set(state.data.subarray(1));
  for (let batch = 0; batch < batches; batch++) {
    for (let f = 0; f < filters; f++) {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += feature.data[f * width + i] * (x.data[batch * width + i] - run.inputZero);
      next.data[(batch * filters + f + 1) * memory - 1] = run.remember(sum);
    }
    for (let unit = 0; unit < units; unit++) {
      let sum = bias ? bias.data[unit] : 0;
      for (let k = unit * rank * memory; k < (unit + 1) * rank * memory; k++) {
        sum += time.data[k] * (next.data[batch * filters * memory + k] - run.stateZero);
      }
      y.data[batch * units + unit] = run.finish(sum);
    }
  }
  return [y, next];
}

import { elementCount } from '../../ir/dtype';
import { zeros } from '../../ir/tensor';
import { input, joinRange, output } from '../coupling';
import { ShapeError, withShape, type OpDefinition } from '../op';
import { fixedCell } from './fixed-cell';
import { floatCell, type LstmCell } from './float-cell';
import { lstmKernels } from './kernels';
import { lstmOnnx } from './onnx';
import { sequenceOf } from './sequence';
import { lstmTflite } from './tflite';

/** Inputs that most layers have not. */
export const [PEEPHOLES, PROJECTION, PROJECTION_BIAS, NORMS] = [6, 7, 8, 9];

/**
 * Long short-term memory over a sequence. Inputs: x [batch, time, in] (or [time, batch, in] where timeMajor), weights
 * [4 * units, in], recurrent weights [4 * units, outputs], optional bias [4 * units], hidden state [batch, outputs], cell state
 * [batch, units]; gates in the order input, forget, cell, output. Optional behind these: peepholes [3 * units], projection
 * [outputs, units] and its bias [outputs], normalization [4 * units]; without a projection there are as many outputs as units.
 * Outputs: y [.., outputs], the last hidden state, the last cell state. Attributes: timeMajor, reverse, and limits (0: none)
 * cellClip, gateClip (of sums before their activation), projectionClip.
 */
export const lstm: OpDefinition = {
  name: 'lstm',
  label: (node) => `LSTM ${node.staticType(2).shape[0] / 4}`,
  family: 'dense',
  keepsState: true,
  infer(node) {
    const x = node.type(0);
    const [gates, width] = node.staticType(1).shape;
    const [rows, outputs] = node.staticType(2).shape;
    const units = rows / 4;
    const sizes = [[PEEPHOLES, 3 * units], [PROJECTION, outputs * units], [PROJECTION_BIAS, outputs], [NORMS, 4 * units]] as const;
    if (gates !== rows || (!node.has(PROJECTION) && outputs !== units)) throw new ShapeError(`${gates} gate rows for ${units} units and ${outputs} outputs`);
    for (const [index, size] of sizes) if (node.has(index) && elementCount(node.staticType(index).shape) !== size) throw new ShapeError(`input ${index} has not ${size} elements`);
    const state = (index: number): typeof x => node.type(index);
    if (!x.shape) return [x, state(4), state(5)];
    if (x.shape.length !== 3 || (x.shape[2] >= 0 && x.shape[2] !== width)) throw new ShapeError(`sequences of ${x.shape.join('×')}, weights for ${width}`);
    return [{ ...withShape(x, [x.shape[0], x.shape[1], outputs]), quantization: state(4).quantization }, state(4), state(5)];
  },
  macs(node) {
    const { batch, time } = sequenceOf(node);
    const [gates, width] = node.staticType(1).shape;
    const outputs = node.staticType(2).shape[1];
    const projected = node.has(PROJECTION) ? (outputs * gates) / 4 : 0;
    return batch * time * (gates * (width + outputs) + projected + (node.has(PEEPHOLES) ? (3 * gates) / 4 : 0));
  },
  evaluate(node, [x, weights, recurrent, bias, hidden, cell, peepholes, projection, projectionBias, norms]) {
    const { batch, time } = sequenceOf(node);
    const [rows, outputs] = recurrent!.type.shape;
    const width = weights!.type.shape[1];
    const y = zeros(node.outputType(0));
    const h = { type: node.outputType(1), data: hidden!.data.slice() };
    const c = { type: node.outputType(2), data: cell!.data.slice() };
    const timeMajor = node.flag('timeMajor');
    const step: LstmCell = (x!.type.quantization ? fixedCell : floatCell)(node, { weights: weights!, recurrent: recurrent!, bias, peepholes, projection, projectionBias, norms });
    for (let b = 0; b < batch; b++) {
      const [ownH, ownC] = [h, c].map((state, i) => state.data.subarray(b * [outputs, rows / 4][i], (b + 1) * [outputs, rows / 4][i]));
      for (let i = 0; i < time; i++) {
        const t = node.flag('reverse') ? time - 1 - i : i;
        const row = timeMajor ? t * batch + b : b * time + t;
        step(x!.data.subarray(row * width, (row + 1) * width), ownH, ownC);
        y.data.set(ownH, row * outputs);
      }
    }
    return [y, h, c];
  },
  kernels: lstmKernels,
  coupling: {
    join(node, entries) {
      const units = node.staticType(2).shape[1];
      const { batch, time } = sequenceOf(node);
      joinRange(entries, input(0, 2), input(1, 1), node.staticType(1).shape[1]);
      for (let gate = 0; gate < 4; gate++) {
        for (const index of [1, 2, 3]) if (node.has(index)) joinRange(entries, output(2), input(index, 0), units, 0, gate * units);
      }
      joinRange(entries, output(2), input(2, 1), units);
      for (const state of [4, 5]) if (node.has(state)) joinRange(entries, output(2), input(state, 1), units);
      for (const state of [1, 2]) if (node.node.outputs[state] !== undefined) joinRange(entries, output(2), output(1, state), units);
      // Sequences and steps stay as many as they are for whoever comes next.
      const timeMajor = node.flag('timeMajor');
      joinRange(entries, input(0, 0), output(0), timeMajor ? time : batch);
      joinRange(entries, input(0, 1), output(1), timeMajor ? batch : time);
    },
  },
  onnx: lstmOnnx,
  tflite: lstmTflite,
};

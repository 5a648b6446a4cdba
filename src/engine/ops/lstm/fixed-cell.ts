import { codeRange } from '../../ir/dtype';
import { scalerOf, scaleWide } from '../../quant/fixed-point';
import { logisticInt16, tanhInt16, type Int16Scale } from '../../quant/int16-functions';
import { quantizeMultiplier } from '../../quant/rounding';
import type { NodeView } from '../op';
import type { LstmCell, LstmParameters } from './float-cell';

/** Gates before their activation are Q3.12, after it Q0.15. */
const GATE_SCALE = 2 ** -12;
const SHARE_SCALE = 2 ** -15;
const Q3_12: Int16Scale = { multiplier: 0, leftShift: 0 };

const clampTo = (low: number, high: number) => (x: number): number => Math.min(high, Math.max(low, x));
const clamp16 = clampTo(-32768, 32767);

/**
 * 8- or 16-bit activations, 8-bit weights with one scale per gate, 16-bit cell with a power of two as its scale. Source: TFLM
 * lstm_eval.h, lstm_eval_common.cc.
 */
export function fixedCell(node: NodeView, { weights, recurrent, bias }: LstmParameters): LstmCell {
  const [x, h] = [node.staticType(0), node.staticType(4)].map((type) => type.quantization!);
  const units = recurrent.type.shape[1];
  const width = weights.type.shape[1];
  const wide = node.staticType(0).dtype === 'int16';
  const scales = fixedCellScales(node);
  const scaler = (multiplier: Multiplier): ((sum: number) => number) => (wide ? (sum) => scaleWide(sum, multiplier.mantissa, multiplier.shift) : scalerOf(node.rounding, multiplier));
  const [inputScales, recurrentScales] = [scales.input.map(scaler), scales.hidden.map(scaler)];
  const [keep, renew, show] = [scales.keep, scales.renew, scales.show].map((multiplier) => scalerOf(node.rounding, multiplier));
  const clampHidden = clampTo(...codeRange(node.staticType(4).dtype));
  const { limit, cellArgument } = scales;
  const gates = new Int32Array(4 * units);
  return (input, hidden, cell) => {
    for (let row = 0; row < 4 * units; row++) {
      const gate = Math.floor(row / units);
      let fromInput = bias ? bias.data[row] : 0;
      for (let i = 0; i < width; i++) fromInput += weights.data[row * width + i] * (input[i] - x.zeroPoint[0]);
      let fromHidden = 0;
      for (let i = 0; i < units; i++) fromHidden += recurrent.data[row * units + i] * (hidden[i] - h.zeroPoint[0]);
      const sum = clamp16(clamp16(inputScales[gate](fromInput)) + clamp16(recurrentScales[gate](fromHidden)));
      gates[row] = gate === 2 ? tanhInt16(sum, Q3_12) : logisticInt16(sum, Q3_12);
    }
    for (let u = 0; u < units; u++) {
      const kept = clamp16(keep(gates[units + u] * cell[u]));
      const next = clamp16(kept + clamp16(renew(gates[u] * gates[2 * units + u])));
      cell[u] = limit >= 0 ? Math.max(-limit, Math.min(limit, next)) : next;
      hidden[u] = clampHidden(show(tanhInt16(cell[u], cellArgument) * gates[3 * units + u]) + h.zeroPoint[0]);
    }
  };
}

const NO_LIMIT = -1;

type Multiplier = ReturnType<typeof quantizeMultiplier>;

/** How the sums of each gate, the cell and the hidden state scale; the limit of the cell's codes, -1 for none. */
export function fixedCellScales(node: NodeView): {
  readonly input: readonly Multiplier[];
  readonly hidden: readonly Multiplier[];
  readonly keep: Multiplier;
  readonly renew: Multiplier;
  readonly show: Multiplier;
  readonly cellArgument: Int16Scale;
  readonly limit: number;
} {
  const [x, weights, recurrent, h, c] = [0, 1, 2, 4, 5].map((i) => node.staticType(i).quantization!.scale);
  const units = node.staticType(2).shape[1];
  const gates = (state: number, scale: readonly number[]): Multiplier[] =>
    [0, 1, 2, 3].map((gate) => quantizeMultiplier(Math.fround(state * scale[scale.length === 1 ? 0 : gate * units]) / GATE_SCALE));
  const clip = node.int('cellClip', 0);
  return {
    input: gates(x[0], weights),
    hidden: gates(h[0], recurrent),
    keep: quantizeMultiplier((SHARE_SCALE * c[0]) / c[0]),
    renew: quantizeMultiplier((SHARE_SCALE * SHARE_SCALE) / c[0]),
    show: quantizeMultiplier((SHARE_SCALE * SHARE_SCALE) / h[0]),
    cellArgument: tanhScale(Math.round(Math.log2(c[0]))),
    limit: clip > 0 ? Math.trunc(clamp16(Math.fround(clip) / c[0])) : NO_LIMIT,
  };
}

/** Scale of tanh's argument for a cell of scale 2^power. */
function tanhScale(power: number): Int16Scale {
  const shift = 12 + power;
  return shift < 0 ? { multiplier: 3, leftShift: -shift } : { multiplier: 0, leftShift: shift };
}

import type { Tensor } from '../../ir/tensor';
import { broadcastOffsets } from '../broadcast';
import type { NodeView } from '../op';
import type { Heads } from './heads';

/** Fills result, keys, values and scores. */
export function attend(node: NodeView, heads: Heads, inputs: readonly (Tensor | undefined)[], [result, keys, values, scores]: readonly Tensor[]): void {
  const [query, key, value, mask, pastKey, pastValue, lengths] = inputs;
  const { batch, queryHeads, keyHeads, steps, keySteps, past, total, size, valueSize, isFlat } = heads;
  join(keys, pastKey, key!, keyHeads, keySteps, past, size, isFlat);
  join(values, pastValue, value!, keyHeads, keySteps, past, valueSize, isFlat);
  const scale = (node.attributes.scale as number | undefined) ?? 1 / Math.sqrt(size);
  const softcap = node.attributes.softcap as number;
  const mode = node.int('scores');
  const bias = mask && maskAt(mask, heads);
  const row = new Float64Array(total);
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < queryHeads; h++) {
      const shared = b * keyHeads + Math.floor(h / (queryHeads / keyHeads));
      for (let s = 0; s < steps; s++) {
        const from = isFlat ? ((b * steps + s) * queryHeads + h) * size : ((b * queryHeads + h) * steps + s) * size;
        const at = ((b * queryHeads + h) * steps + s) * total;
        const keep = (stage: number): void => void (mode === stage && scores.data.set(row, at));
        for (let t = 0; t < total; t++) {
          let sum = 0;
          for (let k = 0; k < size; k++) sum += query!.data[from + k] * keys.data[(shared * total + t) * size + k];
          row[t] = sum * scale;
        }
        keep(0);
        for (let t = 0; t < total; t++) {
          const hidden = (node.flag('causal') && t > s + past) || (lengths && t >= lengths.data[b]);
          row[t] += (hidden ? -Infinity : 0) + (bias ? bias(b, h, s, t) : 0);
        }
        keep(1);
        if (softcap) for (let t = 0; t < total; t++) row[t] = softcap * Math.tanh(row[t] / softcap);
        keep(2);
        share(row);
        keep(3);
        const to = isFlat ? ((b * steps + s) * queryHeads + h) * valueSize : ((b * queryHeads + h) * steps + s) * valueSize;
        for (let k = 0; k < valueSize; k++) {
          let sum = 0;
          for (let t = 0; t < total; t++) sum += row[t] * values.data[(shared * total + t) * valueSize + k];
          result.data[to + k] = sum;
        }
      }
    }
  }
}

/** Softmax in place. */
function share(row: Float64Array): void {
  const largest = row.reduce((a, b) => Math.max(a, b), -Infinity);
  let sum = 0;
  for (let t = 0; t < row.length; t++) sum += row[t] = Math.exp(row[t] - largest);
  for (let t = 0; t < row.length; t++) row[t] /= sum;
}

/** Past steps, then the present ones, as [batch, heads, steps, size]. */
function join(target: Tensor, past: Tensor | undefined, present: Tensor, heads: number, steps: number, pastSteps: number, size: number, isFlat: boolean): void {
  const total = steps + pastSteps;
  for (let row = 0; row * total * size < target.data.length; row++) {
    if (past) target.data.set(past.data.subarray(row * pastSteps * size, (row + 1) * pastSteps * size), row * total * size);
    for (let s = 0; s < steps; s++) {
      const from = isFlat ? ((Math.floor(row / heads) * steps + s) * heads + (row % heads)) * size : (row * steps + s) * size;
      target.data.set(present.data.subarray(from, from + size), (row * total + pastSteps + s) * size);
    }
  }
}

/** What a mask adds to a score: booleans hide where false, numbers are added. Steps behind a short mask are hidden. */
function maskAt(mask: Tensor, { batch, queryHeads, steps, total }: Heads): (b: number, h: number, s: number, t: number) => number {
  const { shape, dtype } = mask.type;
  const width = shape[shape.length - 1];
  const span = width === 1 ? total : Math.min(total, width);
  const offsets = broadcastOffsets(shape, [batch, queryHeads, steps, width === 1 ? total : width]);
  const stride = width === 1 ? total : width;
  return (b, h, s, t) => {
    if (t >= span) return -Infinity;
    const x = mask.data[offsets[((b * queryHeads + h) * steps + s) * stride + t]];
    return dtype === 'bool' ? (x ? 0 : -Infinity) : x;
  };
}

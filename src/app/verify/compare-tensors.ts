import type { Tensor } from '../../engine/ir/tensor';
import type { LayerDifference } from './trace-contract';

/** Values that are listed; the rest is in the counts. */
const LISTED = 200;
/** Floats of two compilers differ in the order of sums: within this share of the tensor's largest number they are the same. */
const FLOAT_TOLERANCE = 1e-5;

type Comparison = Pick<LayerDifference, 'differ' | 'of' | 'max' | 'values' | 'channels'>;

/** Two results of the same type, element by element; channels are those of the last axis. */
export function compareTensors(host: Tensor, board: Tensor): Comparison {
  const { dtype, shape } = host.type;
  const isFloat = dtype.startsWith('float');
  const tolerance = isFloat ? FLOAT_TOLERANCE * Array.from(host.data).reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30) : 0;
  const channels = shape.length ? shape[shape.length - 1] : 1;
  const byChannel = new Map<number, number>();
  const values: Comparison['values'][number][] = [];
  let [differ, max] = [0, 0];
  for (let i = 0; i < host.data.length; i++) {
    const distance = Math.abs(host.data[i] - board.data[i]);
    if (distance <= tolerance) continue;
    differ++;
    max = Math.max(max, Number.isNaN(distance) ? Infinity : distance);
    byChannel.set(i % channels, (byChannel.get(i % channels) ?? 0) + 1);
    if (values.length < LISTED) values.push({ at: positionOf(i, shape), host: host.data[i], board: board.data[i] });
  }
  const order = [...byChannel].map(([channel, count]) => ({ channel, differ: count })).sort((a, b) => b.differ - a.differ || a.channel - b.channel);
  return { differ, of: host.data.length, max, values, channels: order };
}

/** Indices of an element along each axis. */
export function positionOf(index: number, shape: readonly number[]): number[] {
  const at: number[] = new Array<number>(shape.length).fill(0);
  for (let axis = shape.length - 1, rest = index; axis >= 0; axis--) {
    at[axis] = rest % shape[axis];
    rest = Math.floor(rest / shape[axis]);
  }
  return at;
}

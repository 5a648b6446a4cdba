import { dtypes, elementCount, isNumeric, isStatic } from '../ir/dtype';
import { constantTensor, scalePlaces, type Tensor } from '../ir/tensor';
import type { NodeView } from '../ops/op';
import { opOf } from '../ops/table';
import type { WeightReport, WeightSummary } from './layer-detail-report';

/** Bins of a histogram. */
const BINS = 64;
/** Channels beyond this are not drawn one by one. */
export const CHANNELS_AT_MOST = 4096;

/** The tensor that makes a layer what it is: its largest constant input with numbers; undefined where it has none. */
function weightsOf(view: NodeView): { readonly tensor: Tensor; readonly name: string; readonly byChannel: boolean } | undefined {
  let best = -1;
  let most = 0;
  view.node.inputs.forEach((id, i) => {
    if (id === undefined || !view.isConstant(i)) return;
    const { type } = view.input(i);
    const size = isStatic(type) && isNumeric(type.dtype) ? elementCount(type.shape) : 0;
    if (size > most) [best, most] = [i, size];
  });
  if (best < 0) return undefined;
  const value = view.input(best);
  // Of input 1 of these ops the first axis counts the output channels; of other constants nothing is known.
  return { tensor: constantTensor(value), name: value.name, byChannel: best === 1 && opOf(view.node).scalesWeights === true };
}

/** Scale and zero point of each element's channel. */
function dequantizer({ type }: Tensor): (code: number, index: number) => number {
  if (!type.quantization) return (value) => value;
  const { scale, zeroPoint } = type.quantization;
  const place = scalePlaces(type);
  return (code, i) => (code - (zeroPoint[place(i)] ?? zeroPoint[0] ?? 0)) * scale[place(i)];
}

interface Scan extends WeightSummary {
  readonly min: number;
  readonly max: number;
  readonly channelMax: readonly number[];
}

/** One pass over the numbers. Channels are the first axis. */
function scan(tensor: Tensor, byChannel: boolean): Scan {
  const { data, type } = tensor;
  const real = dequantizer(tensor);
  const channels = byChannel ? (type.shape[0] ?? 0) : 0;
  const channelMax = new Float64Array(channels);
  const perChannel = channels ? data.length / channels : Infinity;
  let [zeros, min, max] = [0, Infinity, -Infinity];
  for (let i = 0; i < data.length; i++) {
    const value = real(data[i], i);
    if (value === 0) zeros++;
    if (value < min) min = value;
    if (value > max) max = value;
    if (channels) {
      const channel = Math.floor(i / perChannel);
      const size = Math.abs(value);
      if (size > channelMax[channel]) channelMax[channel] = size;
    }
  }
  const dead = channelMax.reduce((count, size) => count + (size === 0 ? 1 : 0), 0);
  return { elements: data.length, zeros, channels, dead, min: data.length ? min : 0, max: data.length ? max : 0, channelMax: [...channelMax.subarray(0, CHANNELS_AT_MOST)] };
}

function histogramOf(tensor: Tensor, { min, max }: Scan): WeightReport['histogram'] {
  const { data, type } = tensor;
  const range = type.quantization ? dtypes[type.dtype].range : undefined;
  const narrow = range && range[1] - range[0] < 256 ? range : undefined;
  const inCodes = type.quantization !== undefined;
  const [from, to] = narrow ? [narrow[0], narrow[1] + 1] : inCodes ? extremes(data) : [min, max];
  const bins = narrow ? Math.min(BINS, to - from) : BINS;
  const counts = new Array<number>(bins).fill(0);
  const width = (to - from) / bins || 1;
  const real = dequantizer(tensor);
  for (let i = 0; i < data.length; i++) {
    if (real(data[i], i) === 0 || !Number.isFinite(data[i])) continue;
    counts[Math.min(bins - 1, Math.floor((data[i] - from) / width))]++;
  }
  return { unit: inCodes ? 'code' : 'real', from, to, counts };
}

function extremes(data: Tensor['data']): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const code of data) [low, high] = [Math.min(low, code), Math.max(high, code)];
  return [low, high];
}

/** Zeros and dead channels of a layer's weights; undefined for a layer without. */
export function weightSummary(view: NodeView): WeightSummary | undefined {
  const found = weightsOf(view);
  if (!found) return undefined;
  const { elements, zeros, channels, dead } = scan(found.tensor, found.byChannel);
  return { elements, zeros, channels, dead };
}

/** Everything about a layer's weights that can be drawn without them. */
export function weightReport(view: NodeView): WeightReport | undefined {
  const found = weightsOf(view);
  if (!found) return undefined;
  const { tensor, name } = found;
  const facts = scan(tensor, found.byChannel);
  const { dtype, shape, quantization } = tensor.type;
  return { name, dtype, shape, ...facts, histogram: histogramOf(tensor, facts), ...(quantization ? { quantization } : {}) };
}

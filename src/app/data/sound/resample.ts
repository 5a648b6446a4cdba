import { UnreadableError } from '../unreadable';

/** More than an hour at 16 kHz: what would become longer has a rate that nobody meant. */
const MOST_SAMPLES = 2 ** 26;
/** Zero crossings of the interpolating sine on each side. */
const CROSSINGS = 16;

/**
 * Sound at another rate: each new sample is the sum of those around it, weighted by a sine cardinal under a Hann window; made
 * slower, with a cut-off at the new rate's half, so that what it cannot hold does not fold back. Source: J. O. Smith, Digital
 * Audio Resampling, ccrma.stanford.edu/~jos/resample.
 */
export function resampled(data: Float32Array, fromHz: number, toHz: number): Float32Array {
  if (fromHz === toHz) return data;
  const length = Math.floor((data.length * toHz) / fromHz);
  if (length > MOST_SAMPLES) throw new UnreadableError(`at ${toHz} instead of ${fromHz} samples a second it would have ${length}, of which ${MOST_SAMPLES} are taken at most`);
  const cutoff = Math.min(1, toHz / fromHz);
  const reach = CROSSINGS / cutoff;
  const result = new Float32Array(length);
  for (let i = 0; i < result.length; i++) {
    const centre = (i * fromHz) / toHz;
    let [sum, weights] = [0, 0];
    for (let k = Math.ceil(centre - reach); k <= centre + reach; k++) {
      const distance = k - centre;
      const x = Math.PI * distance * cutoff;
      const weight = (x === 0 ? 1 : Math.sin(x) / x) * (0.5 + 0.5 * Math.cos((Math.PI * distance) / reach));
      weights += weight;
      if (k >= 0 && k < data.length) sum += weight * data[k];
    }
    // Of a constant the same constant.
    result[i] = sum / weights;
  }
  return result;
}

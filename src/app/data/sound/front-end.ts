import type { FrontEnd } from './front-end-options';
import { melBands } from './mel-bands';
import { powerSpectrum } from './spectrum';

/** Rows of features, one for each window: [rows, columns]. */
export interface Features {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
}

const inSamples = (ms: number, rateHz: number): number => Math.round((ms * rateHz) / 1000);

/** Numbers in a row. */
export const columnsOf = ({ kind, mels, coefficients }: FrontEnd): number => (kind === 'mfcc' ? coefficients : mels);

/** Samples of sound that so many rows are made of. */
export function soundLength({ rateHz, windowMs, strideMs, centred }: FrontEnd, rows: number): number {
  return (rows - 1) * inSamples(strideMs, rateHz) + (centred ? 1 : inSamples(windowMs, rateHz));
}

/**
 * The features of sound at the front end's rate; none of them where it is shorter than a window. Windows are periodic and, where
 * their length is no power of two, padded with zeros to the next. Source: tf.signal.stft, tf.signal.mfccs_from_log_mel_spectrograms,
 * librosa.feature.melspectrogram; the cosine transform is scaled as in TensorFlow, or orthonormal as in librosa.
 */
export function featuresOf(sound: Float32Array, frontEnd: FrontEnd): Features {
  const { rateHz, kind, mels, lowHz, highHz, style, power, coefficients } = frontEnd;
  const [length, stride] = [inSamples(frontEnd.windowMs, rateHz), Math.max(1, inSamples(frontEnd.strideMs, rateHz))];
  const fft = 2 ** Math.ceil(Math.log2(length));
  const samples = frontEnd.centred ? mirrored(sound, fft >> 1) : sound;
  const rows = Math.max(0, Math.floor((samples.length - length) / stride) + 1);
  const columns = columnsOf(frontEnd);
  const data = new Float32Array(rows * columns);
  const weights = windowOf(frontEnd.window, length);
  const largest = frontEnd.peak ? sound.reduce((most, x) => Math.max(most, x), 0) : 1;
  const bands = melBands(style, mels, fft / 2 + 1, rateHz, lowHz, highHz);
  const frame = new Float64Array(fft);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < length; i++) frame[i] = (samples[row * stride + i] / (largest || 1)) * weights[i];
    const spectrum = powerSpectrum(frame);
    const parts = power === 2 ? spectrum : spectrum.map(Math.sqrt);
    const levels = bands.map((band) => logarithm(band.reduce((sum, weight, bin) => sum + weight * parts[bin], 0), frontEnd));
    data.set(kind === 'mfcc' ? cosines(levels, coefficients, style === 'librosa') : levels, row * columns);
  }
  return { rows, columns, data };
}

function windowOf(shape: FrontEnd['window'], length: number): Float64Array {
  const [base, swing] = { hann: [0.5, 0.5], hamming: [0.54, 0.46], none: [1, 0] }[shape];
  return Float64Array.from({ length }, (_, i) => base - swing * Math.cos((2 * Math.PI * i) / length));
}

const logarithm = (x: number, { log, offset, power }: FrontEnd): number => (log === 'ln' ? Math.log(x + offset) : (20 / power) * Math.log10(Math.max(x, offset)));

/** The first coefficients of the cosine transform of the second kind. */
function cosines(levels: readonly number[], count: number, isOrthonormal: boolean): number[] {
  const n = levels.length;
  return Array.from({ length: count }, (_, k) => {
    const sum = levels.reduce((total, level, i) => total + level * Math.cos((Math.PI * k * (2 * i + 1)) / (2 * n)), 0);
    return sum * Math.sqrt((isOrthonormal && k === 0 ? 1 : 2) / n);
  });
}

/** The sound with so many samples more on each side, as in a mirror that stands on the last sample. */
function mirrored(sound: Float32Array, more: number): Float32Array {
  const last = sound.length - 1;
  const period = Math.max(1, 2 * last);
  return Float32Array.from({ length: sound.length + 2 * more }, (_, i) => {
    const at = (((i - more) % period) + period) % period;
    return sound[at <= last ? at : period - at];
  });
}

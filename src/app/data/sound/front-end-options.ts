import { melStyles, type MelStyle } from './mel-bands';

/** How sound becomes what a model takes: rows of numbers, one for each stretch of time. */
export interface FrontEnd {
  /** Logarithms of the energy in bands of pitch, or the first cosine coefficients of them. */
  readonly kind: 'log-mel' | 'mfcc';
  readonly rateHz: number;
  readonly windowMs: number;
  readonly strideMs: number;
  readonly window: 'hann' | 'hamming' | 'none';
  /** Bands weigh magnitudes (1) or energies (2). */
  readonly power: number;
  readonly mels: number;
  readonly lowHz: number;
  readonly highHz: number;
  readonly style: MelStyle;
  /** `ln`: ln(x + offset). `db`: 20 / power * log10(max(x, offset)). */
  readonly log: 'ln' | 'db';
  readonly offset: number;
  readonly coefficients: number;
  /** The first window is centred on the first sample, and the sound continued at both ends by its mirror image. */
  readonly centred: boolean;
  /** The sound is divided by its largest sample first. */
  readonly peak: boolean;
}

const tensorflow: Omit<FrontEnd, 'kind'> = {
  rateHz: 16000, windowMs: 30, strideMs: 20, window: 'hann', power: 1, mels: 40, lowHz: 20, highHz: 4000, style: 'tensorflow', log: 'ln', offset: 1e-6, coefficients: 13, centred: false, peak: false,
};

/** By name; options after the name change single ones. */
export const frontEnds: Readonly<Record<string, FrontEnd>> = {
  'log-mel': { kind: 'log-mel', ...tensorflow },
  mfcc: { kind: 'mfcc', ...tensorflow },
  /** Keyword spotting of MLPerf Tiny. Source: github.com/mlcommons/tiny, training/keyword_spotting, get_dataset.py. */
  'mlperf-kws': { kind: 'mfcc', ...tensorflow, coefficients: 10, peak: true },
  /** Anomaly detection of MLPerf Tiny. Source: github.com/mlcommons/tiny, training/anomaly_detection, common.py with baseline.yaml. */
  'mlperf-ad': {
    kind: 'log-mel', rateHz: 16000, windowMs: 64, strideMs: 32, window: 'hann', power: 2, mels: 128, lowHz: 0, highHz: 8000, style: 'librosa', log: 'db', offset: Number.EPSILON, coefficients: 13,
    centred: true, peak: false,
  },
};

/** What is wrong with a front end as it was named. */
export class FrontEndError extends Error {}

const choices: Readonly<Record<string, readonly string[]>> = { window: ['hann', 'hamming', 'none'], style: melStyles, log: ['ln', 'db'] };
const flags = ['centred', 'peak'];

/** `mfcc,windowMs=40,coefficients=10`: a front end by name, with options of its own. @throws FrontEndError */
export function parseFrontEnd(text: string): FrontEnd {
  const [name, ...changes] = text.split(',').map((part) => part.trim());
  const base = Object.hasOwn(frontEnds, name) ? frontEnds[name] : undefined;
  if (!base) throw new FrontEndError(`there is no front end "${name}"; known are ${Object.keys(frontEnds).join(', ')}`);
  const result: FrontEnd = { ...base, ...Object.fromEntries(changes.map((change) => optionOf(change, base))) };
  const { rateHz, lowHz, highHz, mels, coefficients, kind, power } = result;
  if (!(lowHz < highHz) || highHz > rateHz / 2) throw new FrontEndError(`bands from ${lowHz} to ${highHz} Hz do not lie below half of ${rateHz} Hz`);
  if (![mels, coefficients].every((count) => Number.isInteger(count) && count <= 1024) || (kind === 'mfcc' && coefficients > mels)) throw new FrontEndError(`${coefficients} coefficients of ${mels} bands cannot be`);
  if (power !== 1 && power !== 2) throw new FrontEndError(`power is 1 or 2, not ${power}`);
  return result;
}

function optionOf(change: string, base: FrontEnd): [string, unknown] {
  const [key, value = ''] = change.split('=').map((part) => part.trim());
  if (key === 'kind' || !Object.hasOwn(base, key)) throw new FrontEndError(`a front end has no "${key}"; it has ${Object.keys(base).filter((known) => known !== 'kind').join(', ')}`);
  if (Object.hasOwn(choices, key)) {
    if (!choices[key].includes(value)) throw new FrontEndError(`${key} is one of ${choices[key].join(', ')}, not "${value}"`);
    return [key, value];
  }
  if (flags.includes(key)) {
    if (value !== 'true' && value !== 'false') throw new FrontEndError(`${key} is true or false, not "${value}"`);
    return [key, value === 'true'];
  }
  const number = Number(value);
  const least = key === 'lowHz' || key === 'offset' ? 0 : Number.MIN_VALUE;
  if (value === '' || !Number.isFinite(number) || number < least) throw new FrontEndError(`${key} is a positive number, not "${value}"`);
  return [key, number];
}

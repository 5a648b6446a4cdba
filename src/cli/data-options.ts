import type { DataOptions } from '../app/data/dataset';
import { resizings } from '../app/data/image/resize';
import type { SampleRange } from '../app/data/samples';
import { frontEnds } from '../app/data/sound/front-end-options';
import { didYouMean } from '../base/nearest';
import { UsageError, type Command } from './command';

/** What is said of a data set on the command line. */
export const dataOptions: Command['options'] = {
  calibration: { type: 'string', value: 'data', help: 'data set: .npz, .npy, .csv, folder with y_labels.csv, folder for each label, folder of images or sound; otherwise tinyml.json or <model>.npz' },
  calibrate: { type: 'string', value: 'from-to', help: 'samples to calibrate with, by position, such as 0-99' },
  validation: { type: 'string', value: 'from-to', help: 'samples that choices are made by' },
  test: { type: 'string', value: 'from-to', help: 'samples that accuracy is measured on' },
  'label-column': { type: 'string', value: 'column', help: 'of a .csv: name, number from 0, or last' },
  'data-scale': { type: 'string', value: 'number', help: 'of raw codes: value = scale * (code - zero point)' },
  'data-zero-point': { type: 'string', value: 'code', help: 'of raw codes' },
  'data-codes': { type: 'string', value: 'type', help: 'type of raw codes: int8 (default), uint8, float32' },
  'resize-images': { type: 'string', value: 'how', help: `give images the model's size: ${resizings.join(', ')}; refused otherwise` },
  'data-mean': { type: 'string', value: 'list', help: 'of images, pixels from 0 to 255: (pixel - mean) / std; one number or one for each channel, such as 127.5' },
  'data-std': { type: 'string', value: 'list', help: 'see --data-mean' },
  rate: { type: 'string', value: 'Hz', help: 'samples of sound a second that the model takes' },
  resample: { type: 'boolean', help: 'convert sound at other rates; refused otherwise' },
  'pad-or-cut': { type: 'boolean', help: 'give sound the model\'s length: silence behind it, or its end cut off; refused otherwise' },
  'front-end': { type: 'string', value: 'name', help: `features of sound: ${Object.keys(frontEnds).join(', ')}, and options of its own, such as mfcc,windowMs=40,coefficients=10` },
};

export function dataOptionsOf(text: (name: string) => string | undefined, flag: (name: string) => boolean): DataOptions {
  const found = {
    calibrate: rangeOf('--calibrate', text('calibrate')),
    validate: rangeOf('--validation', text('validation')),
    test: rangeOf('--test', text('test')),
    scale: number('--data-scale', text('data-scale')),
    zeroPoint: number('--data-zero-point', text('data-zero-point')),
    codes: choice('--data-codes', text('data-codes'), ['int8', 'uint8', 'float32'] as const),
    labelColumn: text('label-column'),
    resize: choice('--resize-images', text('resize-images'), resizings),
    mean: numbers('--data-mean', text('data-mean')),
    std: numbers('--data-std', text('data-std')),
    rate: number('--rate', text('rate')),
    resample: flag('resample') || undefined,
    padOrCut: flag('pad-or-cut') || undefined,
    frontEnd: text('front-end'),
  } satisfies { [K in keyof DataOptions]: DataOptions[K] | undefined };
  // What was not said must not go before what tinyml.json says.
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

export function choice<T extends string>(flag: string, value: string | undefined, choices: readonly T[]): T | undefined {
  if (value === undefined) return undefined;
  const found = choices.find((known) => known === value);
  if (!found) throw new UsageError(`${flag} is one of ${choices.join(', ')}, not "${value}"${didYouMean(value, choices)}`);
  return found;
}

export function number(flag: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (value.trim() === '' || !Number.isFinite(Number(value))) throw new UsageError(`${flag} takes a number, not "${value}"`);
  return Number(value);
}

const numbers = (flag: string, value: string | undefined): number[] | undefined => value?.split(',').map((part) => number(flag, part)!);

/** `100-599`: both ends included. */
function rangeOf(flag: string, value: string | undefined): SampleRange | undefined {
  if (value === undefined) return undefined;
  const match = /^(\d+)-(\d+)$/.exec(value);
  if (!match || Number(match[2]) < Number(match[1])) throw new UsageError(`${flag} takes positions such as 0-99, not "${value}"`);
  return { from: Number(match[1]), count: Number(match[2]) - Number(match[1]) + 1 };
}

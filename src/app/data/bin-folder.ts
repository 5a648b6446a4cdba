import fs from 'node:fs/promises';
import path from 'node:path';
import { ProblemError } from '../../base/problem';
import type { Task } from '../../base/progress';
import { appProblems } from '../problems';
import { isSystemError } from '../write-files';
import { collectSamples } from './collect-samples';
import { classOf, parseCsv } from './csv';
import type { DataOptions, LoadedData } from './dataset';
import type { FileSample } from './sample-files';

type Codes = NonNullable<DataOptions['codes']>;

const BYTES: Readonly<Record<Codes, number>> = { int8: 1, uint8: 1, float32: 4 };

/**
 * A folder of raw `.bin` files, one a sample, with `y_labels.csv` of lines `file,classes,label`: the layout of MLPerf Tiny
 * (github.com/mlcommons/tiny, benchmark/runner). Files hold int8 codes unless told otherwise; `scale` and `zeroPoint` turn
 * them into the numbers that the float model was trained on. Samples are in the order of the label file.
 */
export async function loadBinFolder(folder: string, options: DataOptions, task: Task): Promise<LoadedData> {
  const fail = (why: string): never => {
    throw new ProblemError(appProblems.badData(folder, why));
  };
  const codes = options.codes ?? 'int8';
  if (codes !== 'float32' && (options.scale === undefined || options.zeroPoint === undefined)) {
    return fail(`The .bin files hold ${codes} codes; their scale and zero point must be stated (--data-scale and --data-zero-point, or "scale" and "zeroPoint" in tinyml.json).`);
  }
  if (options.scale !== undefined && !(options.scale > 0 && Number.isFinite(options.scale))) return fail(`A scale of ${options.scale} was stated; expected a positive number.`);
  const rows = parseCsv(await fs.readFile(path.join(folder, 'y_labels.csv'), 'utf8'));
  const short = rows.findIndex((row) => row.length < 3);
  if (short >= 0 || !rows.length) return fail(`Line ${short + 1} of y_labels.csv has ${rows[short]?.length ?? 0} fields; expected file,classes,label.`);
  const names = rows.map(([name]) => name);
  const { scale = 1, zeroPoint = 0 } = options;
  const readOne = async (i: number): Promise<FileSample> => {
    const data = await readCodes(path.join(folder, names[i]), codes, fail);
    return { shape: [data.length], data: Float32Array.from(data, (code) => (code - zeroPoint) * scale) };
  };
  const { sampleShape, values } = await collectSamples(names, readOne, fail, task);
  const labels = rows.map((row) => classOf(row[2], options.classNames, fail));
  const far = rows.findIndex((row, i) => Number(row[1]) > 0 && labels[i] >= Number(row[1]));
  if (far >= 0) return fail(`${rows[far][0]} has label ${labels[far]} of ${rows[far][1]} classes; labels are class indices from 0.`);
  return { all: { count: rows.length, sampleShape, values, labels } };
}

async function readCodes(file: string, codes: Codes, fail: (why: string) => never): Promise<ArrayLike<number>> {
  try {
    const bytes = await fs.readFile(file);
    if (bytes.length === 0 || bytes.length % BYTES[codes]) return fail(`${path.basename(file)} has ${bytes.length} bytes, which is no number of ${codes} values.`);
    const { buffer } = new Uint8Array(bytes);
    return codes === 'int8' ? new Int8Array(buffer) : codes === 'uint8' ? new Uint8Array(buffer) : new Float32Array(buffer);
  } catch (error) {
    if (isSystemError(error)) return fail(`${path.basename(file)} is named in y_labels.csv but cannot be read: ${error.message}`);
    throw error;
  }
}

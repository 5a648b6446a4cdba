import fs from 'node:fs/promises';
import { ProblemError } from '../../base/problem';
import { appProblems } from '../problems';
import type { DataOptions, LoadedData } from './dataset';

/** Lines of a text of comma, semicolon or tab separated fields; blank lines are left out. Quotes may stand around a field. */
export function parseCsv(text: string): string[][] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const separator = [',', ';', '\t'].find((s) => lines[0]?.includes(s)) ?? ',';
  return lines.map((line) => line.split(separator).map((field) => field.trim().replace(/^"(.*)"$/, '$1')));
}

/**
 * A `.csv`: a sample in each line, its values in the order of the model's input. A first line without a number is a header.
 * The label column is the one named by `labelColumn` (name or number from 0), else the one with the header `label`, `class`,
 * `target` or `y`, else, where every value of the last column is a whole number or a class name and `labelColumn` is `last`,
 * the last. Without one the samples have no labels.
 */
export async function loadCsv(file: string, options: DataOptions): Promise<LoadedData> {
  const fail = (why: string): never => {
    throw new ProblemError(appProblems.badData(file, why));
  };
  const lines = parseCsv(await fs.readFile(file, 'utf8'));
  const hasHeader = lines.length > 0 && lines[0].every((field) => !isNumber(field));
  const header = hasHeader ? lines[0] : undefined;
  const rows = hasHeader ? lines.slice(1) : lines;
  if (!rows.length) return fail('It has no samples; expected a line of numbers for each.');
  const width = rows[0].length;
  const ragged = rows.findIndex((row) => row.length !== width);
  if (ragged >= 0) return fail(`Line ${ragged + 1 + (hasHeader ? 1 : 0)} has ${rows[ragged].length} fields, the first has ${width}.`);
  const label = labelColumn(header, width, options.labelColumn, fail);
  const columns = Array.from({ length: width }, (_, i) => i).filter((i) => i !== label);
  const values = new Float64Array(rows.length * columns.length);
  rows.forEach((row, r) => columns.forEach((column, c) => {
    const field = row[column];
    if (!isNumber(field)) fail(`Line ${r + 1 + (hasHeader ? 1 : 0)} has "${field}" in column ${column}; expected a number.`);
    values[r * columns.length + c] = Number(field);
  }));
  const labels = label === undefined ? undefined : rows.map((row) => classOf(row[label], options.classNames, fail));
  return { all: { count: rows.length, sampleShape: [columns.length], values, ...(labels ? { labels } : {}) } };
}

const isNumber = (field: string): boolean => field !== '' && (!Number.isNaN(Number(field)) || /^nan$/i.test(field));

function labelColumn(header: readonly string[] | undefined, width: number, wanted: string | undefined, fail: (why: string) => never): number | undefined {
  if (wanted === 'last') return width - 1;
  const usual = header?.findIndex((name) => /^(label|class|target|y)$/i.test(name)) ?? -1;
  if (wanted === undefined) return usual >= 0 ? usual : undefined;
  const index = header?.indexOf(wanted) ?? -1;
  if (index >= 0) return index;
  const number = Number(wanted);
  if (Number.isInteger(number) && number >= 0 && number < width) return number;
  return fail(`There is no column "${wanted}"; it has ${header ? header.join(', ') : `${width} columns without names`}.`);
}

/** Class index of a label: a number, or one of the model's class names. */
export function classOf(label: string, names: readonly string[] | undefined, fail: (why: string) => never): number {
  const index = names?.indexOf(label) ?? -1;
  if (index >= 0) return index;
  if (isNumber(label)) return Number(label);
  return fail(`"${label}" is no class: expected ${names?.length ? names.join(', ') : 'a class index from 0'}.`);
}

import path from 'node:path';
import { formatBytes, formatPercent } from '../base/units';
import { formatProblem } from '../base/problem';
import { compressModel } from '../app/compress-model';
import type { Accuracy, CompressReport } from '../app/engine-contract';
import { UsageError, type Command } from './command';
import { table } from './table';

export const compress: Command = {
  name: 'compress',
  usage: '<model> --quantize int8',
  summary: 'a smaller model, with its accuracy measured',
  options: {
    quantize: { type: 'string', value: 'int8', help: 'integer type of weights and activations' },
    calibration: { type: 'string', value: 'file', help: 'data set (.npz); otherwise tinyml.json or <model>.npz' },
    out: { type: 'string', value: 'file', help: 'where to write; otherwise <model>.int8.onnx, never over an existing file' },
    replace: { type: 'boolean', help: 'allow replacing --out' },
  },
  positionals: 1,
  async run({ positionals: [model], values, task }) {
    if (values.quantize !== 'int8') throw new UsageError('compress needs --quantize int8');
    const absolute = (name: string): string | undefined => (typeof values[name] === 'string' ? path.resolve(values[name]) : undefined);
    const report = await compressModel(
      { path: path.resolve(model), quantize: 'int8', data: absolute('calibration'), out: absolute('out'), replace: values.replace === true },
      task,
    );
    return { json: report, text: textOf(report) };
  },
};

const accuracy = (a: Accuracy | undefined): string => (a ? `${formatPercent(a.right / a.total)} (${a.right} of ${a.total})` : 'unknown: no labelled test samples');

function textOf(report: CompressReport): string {
  const { before, after, changed } = report;
  const rows = [
    ['accuracy', accuracy(before.accuracy), accuracy(after.accuracy)],
    ['file', formatBytes(before.fileBytes), formatBytes(after.fileBytes)],
    ['weights', formatBytes(before.weightBytes), formatBytes(after.weightBytes)],
    ['flash (modelled)', formatBytes(before.flashBytes), formatBytes(after.flashBytes)],
    ['peak RAM', formatBytes(before.ramBytes), formatBytes(after.ramBytes)],
  ];
  return [
    table(['', 'before', 'after'], rows, 'lrr'),
    ...(changed ? [`newly wrong ${changed.worse}, newly right ${changed.better}; calibrated on ${report.calibrationSamples} samples`] : []),
    `written: ${report.out}`,
    ...report.problems.map((problem) => `\n${formatProblem(problem)}`),
  ].join('\n');
}

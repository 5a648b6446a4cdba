// Accuracy and size of every kind of quantization: the keyword spotting model on real inputs, where the shared test data is at
// hand, and the samples. Choices are made on calibration samples; the test samples are looked at once.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tinyml-bench-'));
const shared = process.env.TINYML_SHARED ?? path.resolve('..', 'shared');

/** @param {string} model @param {string[]} options */
function row(model, options) {
  const started = process.hrtime.bigint();
  const out = path.join(folder, 'out.onnx');
  const { before, after, changed, mcnemar, method } = JSON.parse(
    execFileSync(process.execPath, ['dist/cli.js', 'compress', model, ...options, '--out', out, '--replace', '--json'], { encoding: 'utf8', maxBuffer: 2 ** 28 }),
  );
  const right = (side) => (side.accuracy ? `${side.accuracy.right} of ${side.accuracy.total}` : 'unknown');
  return {
    model: path.basename(model, '.onnx'),
    options: options.filter((option, i) => !/^--(calibrat|data|test)/.test(option) && !/^--(calibrat|data|test)/.test(options[i - 1] ?? '')).join(' '),
    float: right(before), quantized: right(after), 'worse / better': changed ? `${changed.worse} / ${changed.better}` : '', p: mcnemar?.toFixed(2),
    chosen: [method.ranges, ...method.steps].join(', '), 'flash B': after.flashBytes, 'of float': `${((100 * after.flashBytes) / before.flashBytes).toFixed(1)} %`, 'RAM B': after.ramBytes,
    seconds: Math.round(Number(process.hrtime.bigint() - started) / 1e9),
  };
}

try {
  const rows = [];
  for (const sample of ['digits/digits', 'digits/digits-dense', 'gesture/gesture']) rows.push(row(`samples/${sample}.onnx`, ['--quantize', 'int8', '--method', 'plain']), row(`samples/${sample}.onnx`, ['--quantize', 'int8']));
  rows.push(row('samples/gesture/gesture.onnx', ['--quantize', 'auto']));
  const keyword = path.join(shared, 'models/mlperf_tiny_kws_dscnn_float.onnx');
  if (fs.existsSync(keyword)) {
    // Codes in the input scale of the official int8 model.
    const data = ['--calibration', path.join(shared, 'testdata/kws01'), '--data-scale', '0.5847029089927673', '--data-zero-point', '83', '--calibrate', '0-99', '--test', '100-599'];
    const kinds = [
      ['int8', '--method', 'plain'], ['int8'], ['int16x8'], ['float16'], ['hybrid'], ['int4', '--method', 'plain'], ['int4'], ['int4', '--activations', 'int8'],
      ['int4', '--group-size', '32', '--method', 'plain'], ['int4', '--group-size', '32'], ['int2'], ['int2', '--group-size', '16'], ['ternary'], ['binary'], ['mixed', '--flash-budget', '60%'],
    ];
    for (const kind of kinds) rows.push(row(keyword, [...data, '--quantize', ...kind]));
  } else {
    console.log('The keyword spotting model is not at hand: set TINYML_SHARED to the folder that has models/ and testdata/.');
  }
  console.table(rows);
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}

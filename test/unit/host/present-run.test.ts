import assert from 'node:assert/strict';
import type { CompressReport, CompressSide } from '../../../src/app/engine-contract';
import type { PredictionEvent } from '../../../src/app/run-contract';
import { bytesChange, compressDetails, compressHeadline } from '../../../src/host/present/compress';
import { scoreBar } from '../../../src/base/score-bar';
import { firmwareLine, predictionLine, summaryLine } from '../../../src/host/present/run';

const prediction: PredictionEvent = { kind: 'prediction', index: 12, label: '3', score: 0.996, scores: [0.004, 0.996], truth: '3', us: 21.4, ticks: 340, equalsHost: true };

describe('prediction line', () => {
  it('reads like a chart', () => {
    assert.equal(predictionLine(prediction), '#12  3  0.996 ██████████  21.4 µs  truth 3  = host');
  });

  it('marks a wrong answer and a difference from the host', () => {
    assert.equal(predictionLine({ ...prediction, score: 0.5, truth: '8', equalsHost: false }), '#12  3  0.500 █████░░░░░  21.4 µs  truth 8 ✗  ≠ host');
  });

  it('tells the energy where it is known, and no equality that nobody checked', () => {
    assert.equal(predictionLine({ ...prediction, energyUj: 1.1128 }), '#12  3  0.996 ██████████  21.4 µs  1.11 µJ  truth 3  = host');
    assert.equal(predictionLine({ ...prediction, index: -1, truth: undefined, equalsHost: undefined }), '3  0.996 ██████████  21.4 µs');
  });

  it('leaves the truth out where it is not known', () => {
    assert.equal(predictionLine({ ...prediction, truth: undefined }), '#12  3  0.996 ██████████  21.4 µs  = host');
  });

  it('clamps the bar, not the score: scores may be logits', () => {
    assert.equal(scoreBar(7.2), '█'.repeat(10));
    assert.equal(scoreBar(-3), '░'.repeat(10));
    assert.match(predictionLine({ ...prediction, score: 7.25 }), / 7\.250 /);
  });
});

describe('summary of a run', () => {
  it('says accuracy, agreement and time', () => {
    const summary = { samples: 60, labelled: 60, right: 57, compared: 60, equal: 60, medianUs: 12.3 };
    assert.equal(summaryLine('digits.int8.onnx', 'This computer', summary), 'digits.int8.onnx on This computer: 57 of 60 right (95.0 %), 60 of 60 equal to the host, median 12.3 µs');
  });

  it('claims nothing for a run without samples or labels', () => {
    assert.equal(summaryLine('m', 'b', { samples: 0, labelled: 0, right: 0, compared: 0, equal: 0, medianUs: 0 }), 'm on b: 0 of 0 equal to the host');
  });

  it('writes what the firmware says about itself', () => {
    const hello = { protocol: 1, firmware: '0.1.0', modelHash: 0x9f3ce1a7, arenaBytes: 1126, clockHz: 16_000_000 };
    assert.equal(firmwareLine(hello), 'firmware 0.1.0 · model 9f3c·e1a7 · arena 1.1 KiB · 16 MHz');
    assert.equal(firmwareLine({ ...hello, clockHz: 0, modelHash: 7 }), 'firmware 0.1.0 · model 0000·0007 · arena 1.1 KiB');
  });
});

describe('result of a compression', () => {
  const side = (right: number | undefined, flashBytes: number): CompressSide => ({
    fileBytes: 1,
    macs: 2,
    weightBytes: 3,
    flashBytes,
    ramBytes: 4,
    accuracy: right === undefined ? undefined : { right, total: 360, low: 0.95, high: 0.98 },
  });
  const report = (before: CompressSide, after: CompressSide): CompressReport => ({
    schema: 'tinyml-compress/1',
    source: '/m/digits.onnx',
    out: '/m/digits.int8.onnx',
    before,
    after,
    calibrationSamples: 100,
    changed: { worse: 3, better: 2 },
    problems: [],
    kind: 'int8',
    calibration: 'data',
    method: { ranges: 'min-max', steps: [], trials: [], divergenceOf: 'nats', validationSamples: 25, cutShort: false },
    layers: [],
    worst: [], steps: [],
  });

  it('names accuracy with its count, what it was, and flash before and after', () => {
    assert.equal(compressHeadline(report(side(351, 12595), side(350, 4198))), 'digits.int8.onnx: 97.2 % (350 of 360), was 97.5 %; flash 12.3 → 4.1 KiB');
  });

  it('does not invent an accuracy where there are no labels', () => {
    assert.match(compressHeadline(report(side(undefined, 2000), side(undefined, 1000))), /accuracy unknown: no labelled test samples; flash 2\.0 KiB → 1000 B$/);
  });

  it('writes both units where they differ', () => {
    assert.equal(bytesChange(2048, 512), '2.0 KiB → 512 B');
    assert.equal(bytesChange(2048, 1024), '2.0 → 1.0 KiB');
  });

  it('keeps the details for the channel', () => {
    const text = compressDetails(report(side(351, 12595), side(350, 4198)));
    assert.match(text, /after +350 of 360 right, 97\.2 %, 95 %: 95\.0 % – 98\.0 %/);
    assert.match(text, /newly wrong 3, newly right 2/);
  });
});

import assert from 'node:assert/strict';
import type { CompressReport, CompressSide } from '../../../src/app/engine-contract';
import { remedyAt, reportView } from '../../../src/host/present/report';

const side = (right: number, flashBytes: number): CompressSide => ({ fileBytes: 1000, macs: 5000, weightBytes: 900, flashBytes, ramBytes: 2048, accuracy: { right, total: 100, low: 0.7, high: 0.9 } });
const layer = (name: string, sqnrDb: number): CompressReport['layers'][number] =>
  ({ name, label: 'Conv 3×3', form: { activations: 'int8', weights: 'int8' }, sqnrDb, cosine: 0.99, saturated: 5, codes: 100, activations: { min: -1, max: 2, counts: [4, 1, 0] }, weights: { min: -1, max: 1, counts: [1, 4] } });
const remedy = (form: 'float32' | 'int16', divergence: number, flashBytes: number): CompressReport['worst'][number]['remedies'][number] =>
  ({ form: { activations: form, weights: form === 'int16' ? 'int8' : 'float32' }, divergence, right: 80, flashBytes, ramBytes: 2048, withoutKernels: form === 'int16' });
const report: CompressReport = {
  schema: 'tinyml-compress/1', source: '/a/kws.onnx', out: '/a/kws.pruned.int8.onnx', kind: 'int8', before: side(89, 40_960), after: side(80, 10_240), calibration: 'data', calibrationSamples: 100, problems: [], mcnemar: 0.01,
  changed: { worse: 10, better: 1 }, labels: ['up', 'down'], confusion: { before: [[45, 5], [6, 44]], after: [[36, 14], [6, 44]] },
  steps: [{ kind: 'prune', measure: 'macs', before: 7000, asked: 5000, after: 5000, trials: [{ step: 'sizes by sensitivity', divergence: 0.01, right: 20, kept: true }], places: [{ name: 'a', rule: 'l2', before: 64, after: 48, scan: [{ size: 64, divergence: 0 }, { size: 48, divergence: 0.004 }] }] }],
  method: { ranges: 'min-max', steps: ['reconstruct'], trials: [], divergenceOf: 'nats', validationSamples: 25, cutShort: false },
  layers: [layer('a', 30), layer('b', 10), layer('c', 20)],
  worst: [{ name: 'c', label: 'Conv 3×3', sqnrDb: 20, divergence: 0.08, remedies: [remedy('int16', 0.06, 10_300), remedy('float32', 0.02, 12_288)] }],
};

describe('report of a compression', () => {
  it('says the loss first, with its count and interval', () => {
    const view = reportView(report);
    assert.deepEqual(view.verdict, { tone: 'warn', text: 'Accuracy fell by 9.0 points' });
    assert.match(view.about, /^pruned: macs 28\.6 % less · int8, ranges by min-max, reconstruct · from kws\.onnx · 100 calibration samples$/);
    assert.deepEqual(view.facts[0], { name: 'Accuracy', value: '80.0', unit: '% · 80 of 100', note: 'was 89.0 % · 95 % interval 70.0–90.0 %', basis: 'measured', tone: 'worse' });
    assert.deepEqual([view.facts[1].tone, view.facts[2].tone, view.facts[2].note], ['better', undefined, 'no change']);
    assert.equal(reportView({ ...report, after: { ...report.after, accuracy: undefined }, before: { ...report.before, accuracy: undefined } }).verdict.tone, 'info');
    assert.match(reportView({ ...report, mcnemar: 0.4 }).verdict.text, /within chance/);
  });

  it('offers the best remedy first, with its cost, and finds it again', () => {
    const { remedies } = reportView(report);
    assert.deepEqual(remedies.map(({ layer: name, form, flash, note }) => [name, form, flash, note]), [['c', 'float32', '+2.0 KiB', ''], ['c', 'int8 weights, int16 activations', '+60 B', 'no C yet']]);
    assert.ok(Math.abs(remedies[0].gain - 0.75) < 1e-9);
    assert.deepEqual(remedyAt(report, 0), { c: { activations: 'float32', weights: 'float32' } });
    assert.equal(remedyAt(report, 9), undefined);
    const [worst] = report.worst;
    const ranged: CompressReport = { ...report, worst: [{ ...worst, remedies: [{ ...remedy('int16', 0.01, 10_240), form: { activations: 'int8', weights: 'int8' }, ranges: 'mse' }] }] };
    assert.deepEqual(reportView(ranged).remedies.map(({ form, flash }) => [form, flash]), [['int8, range by mse', 'no change']]);
    assert.deepEqual(remedyAt(ranged, 0), { c: { ranges: 'mse' } });
  });

  it('orders layers by what sparing them was measured to bring, then by noise', () => {
    assert.deepEqual(reportView(report).layers.map(({ name }) => name), ['c', 'b', 'a']);
    assert.deepEqual(reportView(report).layers[0].activations, [1, 0.5, 0]);
  });

  it('names new mistakes, and where channels went', () => {
    const { confusion, places } = reportView(report);
    assert.deepEqual(confusion!.news, ['up read as down: +9']);
    assert.deepEqual(places, { title: 'Channels', rows: [{ name: 'a', rule: 'l2', before: 64, after: 48, distance: '0.00400' }] });
  });
});

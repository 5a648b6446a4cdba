import assert from 'node:assert/strict';
import { compareReports } from '../../../src/engine/cost/compare';
import { compareSentence } from '../../../src/engine/cost/compare-sentence';
import { matchLayers } from '../../../src/engine/cost/match-layers';
import type { LayerReport } from '../../../src/engine/cost/report';
import { shortName } from '../../../src/engine/cost/short-name';
import { outputOf, presentComparison } from '../../../src/host/present/compare-models';
import { layer, sampleReport } from '../host/sample-report';

const pairs = (before: readonly LayerReport[], after: readonly LayerReport[]): unknown[] => matchLayers(before, after).map((m) => [m.before, m.after, m.by]);
const op = (index: number, name: string, kind: string, shape: number[] = [1, 4, 4, 4]): LayerReport => layer(index, { name, op: kind, label: kind, outputShape: shape });

describe('matching layers of two models', () => {
  it('goes by unique names first, wherever they stand, as long as pairs do not cross', () => {
    const before = [op(0, 'a', 'conv'), op(1, 'b', 'relu'), op(2, 'c', 'dense')];
    const after = [op(0, 'new', 'pool'), op(1, 'a', 'conv'), op(2, 'c', 'dense'), op(3, 'b', 'relu')];
    assert.deepEqual(pairs(before, after), [[0, 1, 'name'], [2, 2, 'name']]);
  });

  it('goes by op and shape where names say nothing, and by op and place where shapes differ too', () => {
    const before = [op(0, 't1', 'conv', [1, 8, 8, 4]), op(1, 't2', 'conv', [1, 4, 4, 8]), op(2, 't3', 'dense', [1, 10])];
    const after = [op(0, 'u0', 'transpose', [1, 8, 8, 3]), op(1, 'u1', 'conv', [1, 8, 8, 4]), op(2, 'u2', 'conv', [1, 4, 4, 6]), op(3, 'u3', 'dense', [1, 10])];
    assert.deepEqual(pairs(before, after), [[0, 1, 'shape'], [1, 2, 'position'], [2, 3, 'shape']]);
  });

  it('never pairs different ops, even of the same name', () => {
    assert.deepEqual(pairs([op(0, 'x', 'conv')], [op(0, 'x', 'dense')]), []);
  });

  it('does not take a name for an anchor that stands twice', () => {
    const before = [op(0, 'x', 'conv', [1, 1]), op(1, 'x', 'conv', [2, 2])];
    assert.deepEqual(pairs(before, [op(0, 'x', 'conv', [2, 2])]), [[1, 0, 'name']]);
  });

  it('pairs are rising on both sides and each layer is used once, for random lists', () => {
    let state = 3;
    const next = (n: number): number => (state = (state * 1103515245 + 12345) & 0x7fffffff) % n;
    const random = (): LayerReport[] => Array.from({ length: next(30) }, (_, i) => op(i, `n${next(20)}`, ['conv', 'dense', 'add'][next(3)], [1, 1 + next(3)]));
    for (let i = 0; i < 200; i++) {
      const [before, after] = [random(), random()];
      const found = matchLayers(before, after);
      for (let k = 1; k < found.length; k++) assert.ok(found[k].before > found[k - 1].before && found[k].after > found[k - 1].after);
      for (const pair of found) assert.equal(before[pair.before].op, after[pair.after].op);
    }
  });

  it('aligns 10,000 layers with 10,000 others of the same names', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => op(i, `layer${i}`, 'conv'));
    assert.equal(matchLayers(many, many).length, 10_000);
  });
});

describe('comparing two reports', () => {
  const before = sampleReport({ layers: [layer(0), layer(1), layer(2, { name: 'gone', op: 'pool', label: 'Pool' })], ramBytes: 1000, flashBytes: 4000 });
  const after = sampleReport({ layers: [layer(0), layer(1, { weightBytes: 30, outputShape: [1, 4, 4, 3] })], ramBytes: 800, flashBytes: 4100 });
  const report = compareReports(before, after);

  it('tells totals as after minus before, with the weaker basis', () => {
    const total = (id: string) => report.totals.find((t) => t.id === id)!;
    assert.deepEqual([total('ramBytes').change, total('flashBytes').change, total('macs').change], [-200, 100, 0]);
    assert.equal(total('flashBytes').basis, 'modelled');
    assert.equal(total('macs').basis, 'exact');
    assert.equal(report.totals.some((t) => t.id === 'timeUs'), false);
  });

  it('keeps layers in order, those that are gone where they were', () => {
    assert.deepEqual(report.layers.map((l) => [l.before?.name, l.after?.name]), [['layer_0', 'layer_0'], ['layer_1', 'layer_1'], ['gone', undefined]]);
    assert.deepEqual([report.matched, report.changed], [2, 2]);
    assert.deepEqual(report.layers[1].change, { macs: 0, weightBytes: -10, liveBytes: 0, timeUs: null });
    assert.equal(report.layers[2].change.macs, null);
  });

  it('claims no difference of totals where a side is a lower bound', () => {
    const bounded = compareReports(before, sampleReport({ layers: [layer(0, { counted: false })] }));
    assert.equal(bounded.totals.find((t) => t.id === 'macs')!.change, null);
    assert.notEqual(bounded.totals.find((t) => t.id === 'fileBytes')!.change, null);
    assert.match(compareSentence(bounded), /^Not all layers are counted/);
  });

  it('says the verdict as a sentence', () => {
    assert.equal(compareSentence(report), '2.5 % more flash, 20 % less RAM');
    assert.equal(compareSentence(compareReports(before, before)), 'Same costs in every layer');
    assert.equal(compareSentence(compareReports(sampleReport({ ramBytes: 100 }), sampleReport({ ramBytes: 1000 }))), '10.0 times the RAM');
    const accuracy = { before: { right: 448, total: 500, low: 0.866, high: 0.92 }, after: { right: 439, total: 500, low: 0.846, high: 0.904 } };
    assert.match(compareSentence(compareReports(before, after, { accuracy })), /1\.8 points less accurate$/);
  });

  it('carries times where both sides have them', () => {
    const timed = (us: number) => ({ ...sampleReport({ layers: [layer(0, { timeUs: us })] }), time: { us, basis: 'modelled' as const, lowerBound: false, how: [] } });
    const compared = compareReports(timed(2000), timed(1500));
    assert.equal(compared.totals.find((t) => t.id === 'timeUs')!.change, -500);
    assert.equal(compared.layers[0].change.timeUs, -500);
  });

  it('is presented without a word that is not in the report', () => {
    const view = presentComparison(report, { before: 'a', after: 'b' });
    assert.deepEqual(view.tiles.map(({ id, change, direction }) => [id, change, direction]), [['macs', 'same', 'same'], ['flashBytes', '+2.5 %', 'worse'], ['ramBytes', '−20.0 %', 'better'], ['fileBytes', 'same', 'same']]);
    assert.deepEqual(view.pairs.map(({ matched, changed }) => [matched, changed]), [['by name', false], ['by name', true], ['only before', true]]);
    assert.equal(view.pairs[1].output, '1×4×4×4→3');
    assert.equal(view.accuracy, undefined);
    assert.deepEqual(structuredClone(view), view);
  });

  it('writes only what differs of a shape', () => {
    assert.equal(outputOf([1, 2, 3], [1, 2, 3]), '1×2×3');
    assert.equal(outputOf([1, 2, 3], [1, 2, -1]), '1×2×3→?');
    assert.equal(outputOf([1, 2, 3], [4, 2, 1]), '1×2×3 → 4×2×1');
    assert.equal(outputOf([1, 2], [1, 2, 3]), '1×2 → 1×2×3');
    assert.equal(outputOf(undefined, [5]), '5');
  });
});

describe('short names', () => {
  it('take the owner that TFLite names most often, of equals the last', () => {
    assert.equal(shortName('model/activation/Relu;model/batch_normalization/FusedBatchNormV3;model/conv2d/BiasAdd/ReadVariableOp/resource;model/conv2d/BiasAdd;model/conv2d_2/Conv2D;model/conv2d/Conv2D1'), 'conv2d');
    assert.equal(shortName('model/activation_2/Relu;model/add/add'), 'add');
    assert.equal(shortName('model/dense/MatMul;model/dense/BiasAdd'), 'dense');
  });
  it('leave other names as they are', () => {
    for (const name of ['/model/stft/Conv', 'conv1', '', 'a/b']) assert.equal(shortName(name), name);
    assert.equal(shortName(';;'), ';;');
  });
});

import assert from 'node:assert/strict';
import type { LayerFacts } from '../../../src/app/engine-contract';
import { LayerRecorder } from '../../../src/host/device/layer-recorder';
import { SeriesRecorder } from '../../../src/host/device/series-recorder';
import { SERIES_LIMIT } from '../../../src/messages/device';

const facts = (change: Partial<LayerFacts> = {}): LayerFacts => ({ name: 'conv', label: 'Conv 3×3', dtype: 'int8', shape: [1, 10], scale: 0.5, zeroPoint: -128, bound: { low: true, high: false }, ...change });
const run = (change: object = {}) => ({ layer: 0, ticks: 100, us: 4, least: -128 >>> 0, most: 20, atLeast: 6, atMost: 0, ...change });

describe('what the panel keeps of layers', () => {
  it('is the latest time, the range of all runs, and the share of codes at an end that is no bound', () => {
    const recorder = new LayerRecorder([facts()], [5]);
    recorder.measure([run()]);
    recorder.measure([run({ us: 5, ticks: 125, most: 127, atMost: 3 })]);
    const { layers, totalUs, modelledTotalUs } = recorder.view('b', 1, null);
    assert.deepEqual([layers[0].us, layers[0].modelledUs, totalUs, modelledTotalUs], [5, 5, 5, 5]);
    assert.deepEqual(layers[0].range, { low: 0, high: 127.5, least: 0, most: 127.5, saturated: 3 / 20 });
  });

  it('has no range for real numbers, and no sum where a layer is not modelled', () => {
    const recorder = new LayerRecorder([facts({ dtype: 'float32', scale: undefined, zeroPoint: undefined }), facts()], [undefined, 2]);
    recorder.measure([run({ least: 0xbf800000, most: 0x3f800000 }), run({ layer: 1 }), run({ layer: 9 })]);
    const view = recorder.view('b', 1, { usedBytes: 1, bytes: 2 });
    assert.equal(view.layers[0].range, null);
    assert.deepEqual([view.layers.length, view.modelledTotalUs], [2, null]);
  });
});

describe('what the panel keeps of series', () => {
  it('is bounded in points and in number, and tells each point once', () => {
    const recorder = new SeriesRecorder();
    assert.equal(recorder.take('no numbers here', 1), false);
    for (let i = 0; i < SERIES_LIMIT.points * 2; i++) recorder.take(`a:${i}`, i);
    for (let i = 0; i < SERIES_LIMIT.series * 2; i++) recorder.take(`s${i}:1`, 0);
    assert.equal(recorder.all.length, SERIES_LIMIT.series);
    assert.equal(recorder.all[0].points.length, SERIES_LIMIT.points);
    assert.deepEqual(recorder.all[0].points.at(-1), [SERIES_LIMIT.points * 2 - 1, SERIES_LIMIT.points * 2 - 1]);
    assert.equal(recorder.takeNew().length, SERIES_LIMIT.series);
    assert.deepEqual(recorder.takeNew(), []);
    // the board's own clock, begun anew after a reset
    for (const [line, at] of [['>t:1000:1', 50_000], ['>t:1010:2', 50_000], ['>t:0:3', 60_000]] as const) recorder.take(line.replace('>t', '>a'), at);
    assert.deepEqual(recorder.takeNew()[0].points, [[50_000, 1], [50_010, 2], [60_000, 3]]);
    recorder.take('>a:7§°C', 9);
    assert.deepEqual(recorder.takeNew().map(({ name, points }) => [name, points]), [['a', [[9, 7]]]]);
  });
});

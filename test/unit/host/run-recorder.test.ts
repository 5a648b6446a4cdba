import assert from 'node:assert/strict';
import type { PredictionEvent } from '../../../src/app/run-contract';
import { RunRecorder } from '../../../src/host/device/run-recorder';
import { HISTORY_LIMIT, type DeviceState } from '../../../src/messages/device';

const state: DeviceState = { phase: 'streaming', text: 'Streaming' };
const event = (index: number, change: Partial<PredictionEvent> = {}): PredictionEvent => ({ kind: 'prediction', index, label: 'a', score: 1, scores: [1, 0], truth: 'a', us: index + 1, ticks: 1, equalsHost: true, ...change });

describe('RunRecorder', () => {
  it('counts samples, labelled, right and equal', () => {
    const recorder = new RunRecorder(() => 0);
    recorder.predict(event(0));
    recorder.predict(event(1, { truth: 'b' }));
    recorder.predict(event(2, { truth: undefined, equalsHost: false }));
    const { samples, labelled, right, compared, equal } = recorder.totals;
    assert.deepEqual({ samples, labelled, right, compared, equal }, { samples: 3, labelled: 2, right: 1, compared: 3, equal: 2 });
  });

  it('gives the median and the 99th percentile by nearest rank, and null before the first run', () => {
    const recorder = new RunRecorder(() => 0);
    assert.equal(recorder.totals.medianUs, null);
    for (let i = 0; i < 100; i++) recorder.predict(event(i));
    assert.deepEqual([recorder.totals.medianUs, recorder.totals.p99Us, recorder.totals.latencySamples], [50, 99, 100]);
  });

  it('gives each update what came since the last one', () => {
    const recorder = new RunRecorder(() => 0);
    recorder.predict(event(0));
    recorder.print('hello');
    const first = recorder.takeUpdate(state);
    assert.deepEqual([first.predictions.map((p) => p.number), first.texts.map((t) => t.text)], [[1], ['hello']]);
    recorder.predict(event(1));
    const second = recorder.takeUpdate(state);
    assert.deepEqual([second.predictions.map((p) => p.number), second.texts], [[2], []]);
    assert.deepEqual(recorder.takeUpdate(state).predictions, []);
  });

  it('draws measurements at the times at which they were made, sound by its loudness', () => {
    const recorder = new RunRecorder(() => 1000);
    const sensor = { kind: 'accelerometer', unit: 'g', channels: ['x', 'y'], rateHz: 100, window: 4, hop: 2 };
    recorder.sample(sensor, Float32Array.of(1, 2, 3, 4));
    assert.deepEqual(recorder.takeUpdate(state).series, [{ name: 'x', unit: 'g', points: [[990, 1], [1000, 3]] }, { name: 'y', unit: 'g', points: [[990, 2], [1000, 4]] }]);
    recorder.sample({ ...sensor, kind: 'microphone', unit: '', channels: ['sound'], rateHz: 16_000 }, Float32Array.of(0.25, -0.5, 0));
    assert.deepEqual(recorder.takeUpdate(state).series, [{ name: 'sound', points: [[1000, 0.5]] }]);
  });

  it('claims no equality where nothing was compared', () => {
    const recorder = new RunRecorder(() => 0);
    recorder.predict(event(-1, { truth: undefined, equalsHost: undefined }));
    assert.deepEqual([recorder.totals.samples, recorder.totals.compared, recorder.totals.equal], [1, 0, 0]);
  });

  it('stays bounded in a long run and keeps the newest', () => {
    const recorder = new RunRecorder(() => 0);
    for (let i = 0; i < HISTORY_LIMIT * 3; i++) {
      recorder.predict(event(i));
      recorder.print(`line ${i}`);
    }
    const snapshot = recorder.snapshot(state);
    assert.equal(snapshot.predictions.length, HISTORY_LIMIT);
    assert.equal(snapshot.predictions[HISTORY_LIMIT - 1].sample, HISTORY_LIMIT * 3 - 1);
    assert.equal(snapshot.texts.length, HISTORY_LIMIT);
    assert.equal(snapshot.totals.samples, HISTORY_LIMIT * 3);
    assert.ok(recorder.takeUpdate(state).predictions.length <= HISTORY_LIMIT);
  });
});

import assert from 'node:assert/strict';
import { HISTORY_LIMIT, type DeviceSnapshot, type DeviceUpdate, type PredictionView } from '../../../src/messages/device';
import { clockText, historyOf, partOfRange, scoreRange, topScores, withUpdate } from '../../../webview/device/history';

const prediction = (number: number, change: Partial<PredictionView> = {}): PredictionView => ({ number, sample: number, label: 'a', score: 0.9, scores: [0.9, 0.1], us: 5, equalsHost: true, at: number * 10, ...change });
const totals = { samples: 0, labelled: 0, right: 0, compared: 0, equal: 0, medianUs: null, p99Us: null, latencySamples: 0 };
const update = (change: Partial<DeviceUpdate>): DeviceUpdate => ({ state: { phase: 'streaming', text: 'Streaming' }, totals, predictions: [], texts: [], series: [], confusions: [], matrix: [], ...change });
const empty: DeviceSnapshot = { ...update({}), labels: ['a', 'b'] };

describe('history of the device panel', () => {
  it('merges predictions and the firmware\'s text by time', () => {
    const history = historyOf({ ...empty, predictions: [prediction(1), prediction(3)], texts: [{ text: 'battery low', at: 20 }] });
    assert.deepEqual(history.log.map((line) => (line.kind === 'text' ? line.text : line.number)), [1, 'battery low', 3]);
  });

  it('gives equal text lines names of their own', () => {
    let history = withUpdate(historyOf(empty), update({ texts: [{ text: 'same', at: 1 }] }));
    history = withUpdate(history, update({ texts: [{ text: 'same', at: 2 }] }));
    assert.deepEqual(history.log.map((line) => (line.kind === 'text' ? line.id : 'prediction')), [0, 1]);
  });

  it('stays bounded and keeps the newest', () => {
    let history = historyOf(empty);
    for (let i = 0; i < 30; i++) history = withUpdate(history, update({ predictions: Array.from({ length: 50 }, (_, k) => prediction(i * 50 + k)) }));
    assert.equal(history.predictions.length, HISTORY_LIMIT);
    assert.equal(history.log.length, HISTORY_LIMIT);
    assert.equal(history.predictions[HISTORY_LIMIT - 1].number, 1499);
  });

  it('scales probabilities from 0 to 1, and logits to what was seen', () => {
    assert.deepEqual(scoreRange([prediction(1)]), [0, 1]);
    assert.deepEqual(scoreRange([prediction(1, { scores: [-4, 6] })]), [-4, 6]);
    assert.equal(partOfRange(1, [-4, 6]), 0.5);
  });

  it('names outputs without a label by their index', () => {
    const top = topScores(prediction(1, { scores: [0.1, 0.2, 0.7] }), ['a', 'b'], 2);
    assert.deepEqual(top, [{ label: '2', score: 0.7 }, { label: 'b', score: 0.2 }]);
  });

  it('writes the time of day with milliseconds', () => {
    assert.equal(clockText(new Date(2026, 0, 2, 3, 4, 5, 6).getTime()), '03:04:05.006');
  });
});

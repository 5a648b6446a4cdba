import assert from 'node:assert/strict';
import { parseCsv } from '../../../src/app/data/csv';
import { runCsv } from '../../../src/host/present/run-csv';
import type { DeviceSnapshot } from '../../../src/messages/device';

const snapshot: DeviceSnapshot = {
  state: { phase: 'finished', text: '' }, labels: ['no', 'yes'], confusions: [], matrix: [],
  totals: { samples: 1, labelled: 1, right: 1, compared: 1, equal: 1, medianUs: 5, p99Us: 5, latencySamples: 1 },
  predictions: [{ number: 1, sample: 7, label: 'yes', score: 0.75, scores: [0.25, 0.75], truth: 'no', us: 12, equalsHost: true, at: 2000 }],
  texts: [{ text: 'said "hello", twice', at: 3000 }],
  series: [{ name: 'temp', points: [[1000, 21.5]] }],
};

describe('a run as a table', () => {
  it('has every row as wide as its header, in the order of time', () => {
    const lines = runCsv(snapshot).trimEnd().split('\r\n');
    assert.deepEqual(lines.slice(0, 3), [
      'time,kind,number,sample,name,truth,value,us,equals host,score no,score yes',
      '1970-01-01T00:00:01.000Z,series,,,temp,,21.5,,,,',
      '1970-01-01T00:00:02.000Z,prediction,1,7,yes,no,0.75,12,true,0.25,0.75',
    ]);
    assert.match(lines[3], /^1970-01-01T00:00:03\.000Z,text,,,"said ""hello"", twice",,/);
    assert.ok(parseCsv(lines.slice(0, 3).join('\n')).every((row) => row.length === 11));
  });
});

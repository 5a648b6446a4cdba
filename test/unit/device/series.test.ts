import assert from 'node:assert/strict';
import { seriesOf } from '../../../src/device/protocol/series';

describe('series in a line of text', () => {
  const cases: ReadonlyArray<readonly [string, ReturnType<typeof seriesOf>]> = [
    ['>temp:21.5', [{ name: 'temp', value: 21.5 }]],
    ['>temp:1627551892437:-2e-3', [{ name: 'temp', value: -0.002, boardMs: 1627551892437 }]],
    ['>temp:1:5;2:6§°C|g', [{ name: 'temp', value: 5, boardMs: 1, unit: '°C' }, { name: 'temp', value: 6, boardMs: 2, unit: '°C' }]],
    ['>name with space: 4', [{ name: 'name with space', value: 4 }]],
    ['>path:1:2;3:4:77|xy', [{ name: 'path x', value: 1 }, { name: 'path y', value: 2 }, { name: 'path x', value: 3, boardMs: 77 }, { name: 'path y', value: 4, boardMs: 77 }]],
    ['>state:1|t', []],
    ['x:1,y:-2.5', [{ name: 'x', value: 1 }, { name: 'y', value: -2.5 }]],
    ['x: 1\ty: 2', [{ name: 'x', value: 1 }, { name: 'y', value: 2 }]],
    ['x:1 y:2', [{ name: 'x', value: 1 }, { name: 'y', value: 2 }]],
    ['battery: 3.71', [{ name: 'battery', value: 3.71 }]],
    ['1,2.5,', [{ name: 'value 1', value: 1 }, { name: 'value 2', value: 2.5 }]],
    ['42', [{ name: 'value 1', value: 42 }]],
    ['ready at 42', []],
    ['battery 3.71 V, heap free 118 KiB', []],
    ['12:30:05 started', []],
    ['>', []],
    ['>x:', []],
    ['>x:a', []],
    ['', []],
    ['http://example.org:80', []],
    ['x:NaN', []],
    ['y:'.repeat(4000), []],
  ];
  for (const [line, points] of cases) it(JSON.stringify(line.slice(0, 40)), () => assert.deepEqual(seriesOf(line), points));
});

import assert from 'node:assert/strict';
import { directEngine } from '../../../src/app/engine-direct';
import { layered, type Box } from '../../../src/app/layout/layered';
import { cutsOf, type Arrow } from '../../../src/app/layout/segments';
import { deepModel } from '../../support/model-workspace';

const box: Box = { width: 100, height: 30 };
const boxes = (count: number): Box[] => Array.from({ length: count }, () => box);
const chain = (count: number): Arrow[] => Array.from({ length: count - 1 }, (_, i) => ({ from: i, to: i + 1 }));

/** No two boxes over each other, every arrow from above to below, everything inside of the drawing. */
function assertTidy(count: number, arrows: readonly Arrow[]): void {
  const { places, lines, width, height } = layered(boxes(count), arrows);
  assert.equal(places.length, count);
  const sorted = places.map((place) => place).sort((a, b) => a.y - b.y);
  sorted.forEach((a, i) => {
    assert.ok(a.x >= 50 && a.x <= width - 50 && a.y >= 15 && a.y <= height - 15, 'inside');
    for (let k = i + 1; k < sorted.length && sorted[k].y < a.y + box.height; k++) assert.ok(Math.abs(sorted[k].x - a.x) >= box.width, 'apart');
  });
  arrows.forEach(({ from, to }, i) => {
    assert.ok(places[from].y < places[to].y, `${from} above ${to}`);
    assert.ok(lines[i].length >= 4 && lines[i].every(Number.isFinite));
    assert.ok(lines[i][1] <= lines[i][lines[i].length - 1]);
  });
}

describe('cutting a network', () => {
  it('finds the places that all of it passes through', () => {
    assert.deepEqual(cutsOf(5, chain(5)), [0, 1, 2, 3, 4]);
    assert.deepEqual(cutsOf(5, [...chain(5), { from: 1, to: 3 }]), [0, 1, 3, 4]);
    assert.deepEqual(cutsOf(4, [{ from: 0, to: 3 }, { from: 1, to: 2 }]), [0, 3]);
    assert.deepEqual(cutsOf(0, []), []);
    assert.deepEqual(cutsOf(1, []), [0]);
  });
});

describe('the layered drawing', () => {
  it('of nothing, of one box, of a chain', () => {
    assert.deepEqual(layered([], []).places, []);
    assertTidy(1, []);
    assertTidy(40, chain(40));
    const { places } = layered(boxes(9), chain(9));
    assert.equal(new Set(places.map(({ x }) => x)).size, 1, 'a chain is a straight line');
  });

  it('of branches, skips and boxes without arrows', () => {
    assertTidy(8, [{ from: 0, to: 1 }, { from: 0, to: 2 }, { from: 1, to: 3 }, { from: 2, to: 3 }, { from: 3, to: 7 }, { from: 4, to: 5 }, { from: 5, to: 7 }, { from: 0, to: 6 }]);
    assertTidy(6, []);
  });

  it('of random networks', () => {
    let state = 11;
    const next = (n: number): number => (state = (state * 1103515245 + 12345) & 0x7fffffff) % n;
    for (let i = 0; i < 40; i++) {
      const count = 2 + next(40);
      const seen = new Set<string>();
      const arrows = Array.from({ length: next(60) }, () => ({ from: next(count - 1), to: 0 })).map(({ from }) => ({ from, to: from + 1 + next(Math.min(6, count - from - 1)) }));
      assertTidy(count, arrows.filter(({ from, to }) => !seen.has(`${from} ${to}`) && seen.add(`${from} ${to}`)));
    }
  });

  it('of more boxes than the library can take at once: one column, skips beside it', () => {
    assertTidy(1500, [...chain(1500), { from: 0, to: 1499 }]);
  });

  it('of a residual network of a thousand layers, every layer and every tensor', async () => {
    const engine = directEngine();
    const request = { path: 'deep.onnx', bytes: deepModel(1000) };
    const graph = await engine.request('graph', request);
    const report = await engine.request('inspect', request);
    assert.equal(graph.nodes.filter(({ kind }) => kind === 'layer').length, report.totals.layers);
    const inputs = new Map<number, number>();
    for (const { to } of graph.edges) inputs.set(to, (inputs.get(to) ?? 0) + 1);
    for (const layer of report.layers) assert.equal(inputs.get(layer.index), layer.op === 'add' ? 2 : 1, layer.name);
  });
});

import assert from 'node:assert/strict';
import { channelTicks, logTicks, realText, scaleFacts } from '../../../webview/inspector/detail/charts';
import { centred, fitted, LARGEST, panned, revealed, sightOf, stillServes, whole, zoomed, type Viewport } from '../../../webview/inspector/graph/viewport';
import { nodeAfterKey, walkOf } from '../../../webview/inspector/graph/walk';
import type { GraphView } from '../../../src/messages/inspector';

describe('charts of a layer', () => {
  it('has round ticks on a logarithmic axis, few of them', () => {
    assert.deepEqual(logTicks(0.0008, 0.005).map(({ text }) => text), ['0.001', '0.002', '0.005']);
    assert.ok(logTicks(1e-9, 1e6).length <= 5);
    assert.deepEqual(logTicks(0, 1), []);
  });
  it('writes real numbers in three digits', () => {
    assert.deepEqual([realText(0), realText(0.0041237), realText(-1.5), realText(2.1e-7), realText(123456)], ['0', '0.00412', '−1.5', '2.1e−7', '1.23e+5']);
  });
  it('counts dead channels apart', () => {
    assert.deepEqual(scaleFacts([0.1, 0.5, 0.001], [1, 1, 0]), { used: 2, dead: 1, low: 0.1, high: 0.5 });
    assert.deepEqual(scaleFacts([1], [0]), { used: 0, dead: 1, low: 0, high: 0 });
  });
  it('names the last channel always, and nothing beside it', () => {
    assert.deepEqual(channelTicks(128), [0, 32, 64, 96, 127]);
    assert.deepEqual(channelTicks(1), [0]);
    assert.deepEqual(channelTicks(10).slice(-1), [9]);
  });
});

describe('the view of a graph', () => {
  const screen = { width: 1000, height: 600 };
  it('shows a small drawing whole and a tall one from its top', () => {
    assert.deepEqual(fitted({ width: 400, height: 300 }, screen), { scale: 1, x: -300, y: -150 });
    const tall = fitted({ width: 400, height: 60_000 }, screen);
    assert.ok(tall.scale >= 0.7 && tall.y <= 0);
    assert.ok(whole({ width: 400, height: 60_000 }, screen).scale * 60_000 <= 1300);
  });
  it('keeps the point under the pointer when zooming, and stops', () => {
    const before = { x: 10, y: 20, scale: 0.5 };
    const after = zoomed(before, 2, { x: 300, y: 200 });
    assert.equal(after.x + 300 / after.scale, before.x + 300 / before.scale);
    assert.equal(zoomed(before, 1e9, { x: 0, y: 0 }).scale, LARGEST);
    assert.deepEqual(panned(before, 10, -5), { x: -10, y: 30, scale: 0.5 });
  });
  it('draws around what is in sight, and anew only where that no longer holds it or has become far too much', () => {
    const drawing = { width: 3000, height: 60_000 };
    let place: Viewport = { x: 0, y: 0, scale: 0.7 };
    let drawn = sightOf(place, screen, drawing, 0.5);
    let renewed = 0;
    for (let step = 0; step < 1000; step++) {
      place = step % 100 < 60 ? panned(place, step % 7 < 3 ? 9 : -9, -20) : zoomed(place, step % 2 ? 1.09 : 0.93, { x: 400, y: 300 });
      const sight = sightOf(place, screen, drawing, 0);
      if (!stillServes(drawn, sight)) {
        drawn = sightOf(place, screen, drawing, 0.5);
        renewed++;
      }
      assert.ok(drawn.x0 <= sight.x0 && drawn.y0 <= sight.y0 && drawn.x1 >= sight.x1 && drawn.y1 >= sight.y1);
    }
    assert.ok(renewed >= 10 && renewed <= 100, `${renewed} of 1,000 moves drew anew`);
    const close = zoomed(place, 1e9, { x: 400, y: 300 });
    assert.equal(stillServes(sightOf(whole(drawing, screen), screen, drawing, 0.5), sightOf(close, screen, drawing, 0)), false, 'all of it is not kept for a few boxes');
  });
  it('moves the least to bring a box into sight, none where it is', () => {
    const view = { x: 0, y: 0, scale: 1 };
    assert.deepEqual(revealed(view, screen, { x: 500, y: 300, width: 100, height: 40 }), view);
    assert.equal(revealed(view, screen, { x: 500, y: 900, width: 100, height: 40 }).y, 900 + 20 + 16 - 600);
    assert.equal(centred(view, screen, 500, 900).y, 600);
  });

  const graph: GraphView = {
    width: 300, height: 300,
    nodes: [[-1, 0, 0], [0, 0, 60], [1, -60, 120], [2, 60, 120], [3, 0, 180]].map(([id, x, y]) => ({ id, kind: id < 0 ? 'input' as const : 'layer' as const, name: String(id), x, y, width: 50, height: 30 })),
    edges: [[-1, 0], [0, 1], [0, 2], [1, 3], [2, 3]].map(([from, to]) => ({ from, to, label: '', points: [0, 0, 1, 1] })),
  };
  const walk = walkOf(graph);
  const go = (key: string, at: number | null): number | undefined => nodeAfterKey(key, graph.nodes.find(({ id }) => id === at), graph.nodes, walk);
  it('walks along arrows and to neighbours by keys', () => {
    assert.equal(go('ArrowDown', null), -1);
    assert.equal(go('ArrowDown', -1), 0);
    assert.equal(go('ArrowDown', 0), 1);
    assert.equal(go('ArrowRight', 1), 2);
    assert.equal(go('ArrowLeft', 2), 1);
    assert.equal(go('ArrowUp', 3), 1);
    assert.equal(go('End', 0), 3);
    assert.equal(go('ArrowDown', 3), undefined);
    assert.equal(go('x', 0), undefined);
  });
});

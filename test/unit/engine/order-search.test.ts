import assert from 'node:assert/strict';
import { aligned } from '../../../src/engine/memory/place';
import { orderTasks, type Block, type Task } from '../../../src/engine/memory/order-search';
import { Random } from '../../support/random';

/** Task i makes block i from the blocks of some tasks before it. */
function randomGraph(random: Random, count: number): { tasks: Task[]; blocks: Block[] } {
  const reads = Array.from({ length: count }, (_, i) => [...new Set(Array.from({ length: i === 0 ? 0 : random.int(1, 2) }, () => random.int(Math.max(0, i - 4), i - 1)))]);
  const blocks = reads.map((_, i): Block => ({ bytes: random.int(1, 400), fromStart: i === 0, toEnd: i === count - 1 }));
  const tasks = reads.map((after, i): Task => ({
    after, touches: [...after, i], scratchBytes: random.int(0, 3) ? 0 : random.int(1, 200),
    overlays: after.length && random.int(0, 2) === 0 ? [{ over: i, under: after[0], same: true }] : [],
  }));
  return { tasks, blocks };
}

/** Peak of every order there is, computed from first and last uses. */
function leastOfAll(tasks: readonly Task[], blocks: readonly Block[]): number {
  let least = Infinity;
  const visit = (order: number[]): void => {
    if (order.length === tasks.length) return void (least = Math.min(least, peakOf(order, tasks, blocks)));
    tasks.forEach((task, i) => {
      if (!order.includes(i) && task.after.every((before) => order.includes(before))) visit([...order, i]);
    });
  };
  visit([]);
  return least;
}

function peakOf(order: readonly number[], tasks: readonly Task[], blocks: readonly Block[]): number {
  const times = blocks.map((block, b) => {
    const used = order.flatMap((task, at) => (tasks[task].touches.includes(b) ? [at] : []));
    return [block.fromStart ? -1 : Math.min(...used), block.toEnd ? order.length : Math.max(...used)];
  });
  return Math.max(...order.map((task, at) => {
    const live = blocks.reduce((sum, block, b) => (times[b][0] <= at && at <= times[b][1] ? sum + aligned(block.bytes) : sum), 0);
    const saved = tasks[task].overlays.filter((o) => times[o.over][0] === at && times[o.under][1] === at).reduce((sum, o) => sum + Math.min(aligned(blocks[o.over].bytes), aligned(blocks[o.under].bytes)), 0);
    return live + aligned(tasks[task].scratchBytes) - saved;
  }));
}

describe('order of layers', () => {
  it('has the lowest peak of all orders, on random branched graphs', () => {
    let better = 0;
    for (let seed = 1; seed <= 120; seed++) {
      const random = new Random(seed * 7919);
      const { tasks, blocks } = randomGraph(random, random.int(3, 8));
      const found = orderTasks(tasks, blocks);
      const least = leastOfAll(tasks, blocks);
      assert.equal(found.bytes, least, `seed ${seed}`);
      assert.equal(peakOf(found.order, tasks, blocks), least, `seed ${seed}`);
      assert.ok(found.isOptimal);
      if (found.bytes < found.givenBytes) better++;
    }
    assert.ok(better >= 10, `${better} graphs gained`);
  });

  it('is the same every time, complete, and keeps what depends on what, for a graph beyond exact search', () => {
    const { tasks, blocks } = randomGraph(new Random(5), 160);
    const found = orderTasks(tasks, blocks);
    assert.deepEqual(orderTasks(tasks, blocks), found);
    assert.deepEqual([...found.order].sort((a, b) => a - b), tasks.map((_, i) => i));
    found.order.forEach((task, at) => tasks[task].after.forEach((before) => assert.ok(found.order.indexOf(before) < at)));
    assert.ok(found.bytes <= found.givenBytes);
  });
});

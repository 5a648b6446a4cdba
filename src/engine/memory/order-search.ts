import { unionOf } from './bound';
import { aligned, type Overlay } from './place';

/** One step that can be moved: what it touches, by index of block, and which steps must come before it. */
export interface Task {
  readonly after: readonly number[];
  /** Blocks that it reads or writes, each once. */
  readonly touches: readonly number[];
  readonly scratchBytes: number;
  /** Holds where `over` is not in use before this task and `under` not after it. */
  readonly overlays: readonly Overlay[];
}

export interface Block {
  readonly bytes: number;
  /** In use before the first task, or after the last one. */
  readonly fromStart: boolean;
  readonly toEnd: boolean;
}

export interface OrderResult {
  /** Indices of tasks; as given where no order is better. */
  readonly order: readonly number[];
  /** Most bytes live at one step of the given order, and of the one found. */
  readonly givenBytes: number;
  readonly bytes: number;
  /** No order of these tasks has a lower peak. */
  readonly isOptimal: boolean;
}

interface State {
  readonly done: bigint;
  readonly ready: readonly number[];
  readonly live: number;
  readonly peak: number;
  readonly task: number;
  readonly before: State | undefined;
}

/** States kept of each length: below it the search is exact, beyond it a beam. */
const WIDTH = 2000;
/** Steps looked at in all: bounds the time for any graph. */
const MOST_EXPANSIONS = 60_000;
/** Sets of more tasks than this cost more to handle: fewer are looked at. */
const LARGE = 200;

interface Found {
  readonly order?: readonly number[];
  readonly isOptimal: boolean;
}

/**
 * The order with the lowest peak of live bytes, overlays taken off. Dynamic programming over the sets of tasks that can have run
 * (what is live depends on the set alone, not on its order); only what stays below the given order is kept. Source of the idea:
 * Ahn et al., "Ordering Chaos: Memory-Aware Scheduling of Irregularly Wired Neural Networks for Edge Devices", MLSys 2020.
 * Deterministic; of equal orders the one nearest to the given.
 */
export function orderTasks(tasks: readonly Task[], blocks: readonly Block[]): OrderResult {
  const search = new Search(tasks, blocks);
  const given = tasks.map((_, i) => i);
  const givenBytes = search.peakOf(given);
  const result = givenBytes <= search.least() ? { isOptimal: true } : search.below(givenBytes);
  if (!result.order) return { order: given, givenBytes, bytes: givenBytes, isOptimal: result.isOptimal };
  return { order: result.order, givenBytes, bytes: search.peakOf(result.order), isOptimal: result.isOptimal };
}

/** What a search among sets of tasks asks; of no use, and large, where one order is all that is looked at. */
interface Sets {
  /** Tasks that touch each block, as a set of bits. */
  readonly touching: readonly bigint[];
  /** Tasks that come before each, as a set of bits. */
  readonly needs: readonly bigint[];
  readonly followers: readonly (readonly number[])[];
}

function setsOf(tasks: readonly Task[], blocks: readonly Block[]): Sets {
  const touching = blocks.map(() => 0n);
  const followers = tasks.map((): number[] => []);
  tasks.forEach((task, i) => {
    for (const block of task.touches) touching[block] |= 1n << BigInt(i);
    for (const before of task.after) followers[before].push(i);
  });
  return { touching, followers, needs: tasks.map((task) => task.after.reduce((mask, before) => mask | (1n << BigInt(before)), 0n)) };
}

class Search {
  private sets: Sets | undefined;

  constructor(private readonly tasks: readonly Task[], private readonly blocks: readonly Block[]) {}

  peakOf(order: readonly number[]): number {
    const first = new Map<number, number>();
    const last = new Map<number, number>();
    order.forEach((index, at) => {
      for (const b of this.tasks[index].touches) {
        if (!first.has(b)) first.set(b, at);
        last.set(b, at);
      }
    });
    let [live, most] = [this.liveAtStart(), 0];
    order.forEach((index, at) => {
      const { peak, left } = this.step(live, this.tasks[index], (b) => first.get(b) === at, (b) => last.get(b) === at);
      [live, most] = [left, Math.max(most, peak)];
    });
    return most;
  }

  /** No order has a lower peak than what its costliest task needs by itself. */
  least(): number {
    const ends = this.blocks.reduce((sum, block) => (block.fromStart && block.toEnd ? sum + aligned(block.bytes) : sum), 0);
    return this.tasks.reduce((most, task) => {
      const own = task.touches.filter((b) => !(this.blocks[b].fromStart && this.blocks[b].toEnd)).reduce((sum, b) => sum + aligned(this.blocks[b].bytes), 0);
      return Math.max(most, ends + own + aligned(task.scratchBytes) - this.saved(task.overlays));
    }, 0);
  }

  /** The best order below `limit` bytes, where there is one; not optimal where states had to be dropped. */
  below(limit: number): Found {
    const work = MOST_EXPANSIONS * Math.min(1, LARGE / this.tasks.length);
    return this.search(limit, WIDTH, work) ?? this.search(limit, Math.max(1, Math.floor(work / this.tasks.length / 8)), work) ?? { isOptimal: false };
  }

  /** Undefined where it takes more than `work` steps. */
  private search(limit: number, width: number, work: number): Found | undefined {
    let level: State[] = [this.start()];
    let [isOptimal, expansions] = [true, 0];
    for (let length = 0; length < this.tasks.length; length++) {
      const next = new Map<bigint, State>();
      for (const state of level) {
        for (const task of state.ready) {
          if (++expansions > work) return undefined;
          const after = this.after(state, task);
          const known = next.get(after.done);
          if (after.peak < limit && (!known || after.peak < known.peak)) next.set(after.done, after);
        }
      }
      level = [...next.values()];
      if (level.length > width) {
        isOptimal = false;
        level = level.sort((a, b) => a.peak - b.peak || a.live - b.live).slice(0, width);
      }
      if (!level.length) return { isOptimal };
    }
    const order: number[] = [];
    for (let state: State | undefined = level[0]; state?.before; state = state.before) order.unshift(state.task);
    return { order, isOptimal };
  }

  private start(): State {
    const ready = this.tasks.flatMap((task, i) => (task.after.length ? [] : [i]));
    return { done: 0n, ready, live: this.liveAtStart(), peak: 0, task: -1, before: undefined };
  }

  private liveAtStart(): number {
    return this.blocks.reduce((sum, block) => (block.fromStart ? sum + aligned(block.bytes) : sum), 0);
  }

  /** Bytes while a task runs, and what is left behind it. `isFirst`, `isLast`: no other task touches the block before it, or after it. */
  private step(before: number, task: Task, isFirst: (b: number) => boolean, isLast: (b: number) => boolean): { readonly peak: number; readonly left: number } {
    const isNew = (b: number): boolean => !this.blocks[b].fromStart && isFirst(b);
    const dies = (b: number): boolean => !this.blocks[b].toEnd && isLast(b);
    let live = before;
    for (const b of task.touches) if (isNew(b)) live += aligned(this.blocks[b].bytes);
    const peak = live + aligned(task.scratchBytes) - this.saved(task.overlays.filter((o) => isNew(o.over) && dies(o.under)));
    for (const b of task.touches) if (dies(b)) live -= aligned(this.blocks[b].bytes);
    return { peak, left: live };
  }

  private after(state: State, index: number): State {
    const { touching, needs, followers } = (this.sets ??= setsOf(this.tasks, this.blocks));
    const done = state.done | (1n << BigInt(index));
    const { peak, left } = this.step(state.live, this.tasks[index], (b) => (touching[b] & state.done) === 0n, (b) => (touching[b] & ~done) === 0n);
    const freed = followers[index].filter((i) => (needs[i] & ~done) === 0n);
    const ready = [...state.ready.filter((i) => i !== index), ...freed].sort((a, b) => a - b);
    return { done, ready, live: left, peak: Math.max(state.peak, peak), task: index, before: state };
  }

  /** As in `boundOf`: each pair's saving, at most the output itself. */
  private saved(overlays: readonly Overlay[]): number {
    const savings = new Map<number, number>();
    for (const overlay of overlays) {
      const [over, under] = [aligned(this.blocks[overlay.over].bytes), aligned(this.blocks[overlay.under].bytes)];
      savings.set(overlay.over, Math.min(over, (savings.get(overlay.over) ?? 0) + over + under - unionOf(over, under, overlay)));
    }
    return [...savings.values()].reduce((a, b) => a + b, 0);
  }
}

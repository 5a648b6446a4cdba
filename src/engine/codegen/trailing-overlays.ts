import type { ValueId } from '../ir/types';
import { aligned, type Interval, type Overlay } from '../memory/place';
import type { Step } from './choose-kernels';
import type { Storage } from './storage';

interface Access {
  readonly step: number;
  readonly begin: number;
  readonly end: number;
}

interface Accesses {
  readonly reads: Access[];
  readonly writes: Access[];
}

/**
 * Where a block that is written part by part may lie over one that is read part by part and dies meanwhile, as strips do with a
 * large input: no write may reach bytes that its own step or a later one still reads. For blocks that share more than one step;
 * pairs that meet at a single step are the kernel's affair.
 */
export function trailingOverlays(steps: readonly Step[], storage: Storage, blocks: readonly Interval[], indexOf: ReadonlyMap<ValueId, number>, sizeOf: (id: ValueId) => number): Overlay[] {
  const accesses = blocks.map((): Accesses => ({ reads: [], writes: [] }));
  const add = (id: ValueId, step: number, kind: keyof Accesses, behind = 0): void => {
    const { root, at } = storage.of(id);
    const block = indexOf.get(root);
    if (block !== undefined) accesses[block][kind].push({ step, begin: at, end: at + sizeOf(id) + behind });
  };
  for (const { index, node, plan } of steps) {
    for (const id of node.inputs) if (id !== undefined) add(id, index, 'reads');
    node.outputs.forEach((id, i) => add(id, index, 'writes', i === 0 ? plan?.writesBehind : 0));
  }
  const inParts = blocks.flatMap((_, i) => (new Set(accesses[i].writes.map(({ step }) => step)).size > 1 ? [i] : []));
  const dying = blocks.flatMap(({ last }, i) => (last < steps.length && new Set(accesses[i].reads.map(({ step }) => step)).size > 1 ? [i] : []));
  return inParts.flatMap((over) => dying.flatMap((under): Overlay[] => {
    const [a, b] = [blocks[over], blocks[under]];
    if (over === under || a.first <= b.first || a.first >= b.last || accesses[under].writes.some(({ step }) => step >= a.first)) return [];
    const before = distance(accesses[over].writes, accesses[under].reads);
    return before < aligned(a.bytes) ? [{ over, under, same: false, before }] : [];
  }));
}

/** Bytes that the written block must start before the one that is read. */
function distance(writes: readonly Access[], reads: readonly Access[]): number {
  return Math.max(...writes.map(({ step, end }) => end - Math.min(Infinity, ...reads.flatMap((read) => (read.step >= step ? [read.begin] : [])))));
}

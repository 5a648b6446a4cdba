import type { GraphView } from '../../../src/messages/inspector';

/** Who follows whom: for the arrow keys. */
export interface Walk {
  readonly after: ReadonlyMap<number, readonly number[]>;
  readonly before: ReadonlyMap<number, readonly number[]>;
}

export function walkOf({ edges }: GraphView): Walk {
  const after = new Map<number, number[]>();
  const before = new Map<number, number[]>();
  const add = (map: Map<number, number[]>, key: number, value: number): void => {
    const list = map.get(key);
    if (!list) map.set(key, [value]);
    else if (!list.includes(value)) list.push(value);
  };
  for (const { from, to } of edges) {
    add(after, from, to);
    add(before, to, from);
  }
  return { after, before };
}

type Node = GraphView['nodes'][number];

/** Node that an arrow key leads to: along an edge up or down, to the neighbour at the same height left or right. */
export function nodeAfterKey(key: string, at: Node | undefined, nodes: readonly Node[], walk: Walk): number | undefined {
  if (!nodes.length) return undefined;
  if (key === 'Home' || (!at && key.startsWith('Arrow'))) return nodes[0].id;
  if (key === 'End') return nodes[nodes.length - 1].id;
  if (!at) return undefined;
  const nearest = (ids: readonly number[] = []): number | undefined => {
    const found = nodes.filter(({ id }) => ids.includes(id)).sort((a, b) => Math.abs(a.x - at.x) - Math.abs(b.x - at.x) || Math.abs(a.y - at.y) - Math.abs(b.y - at.y));
    return found[0]?.id;
  };
  if (key === 'ArrowDown') return nearest(walk.after.get(at.id));
  if (key === 'ArrowUp') return nearest(walk.before.get(at.id));
  if (key !== 'ArrowLeft' && key !== 'ArrowRight') return undefined;
  const beside = nodes.filter(({ y, x, height }) => Math.abs(y - at.y) < height && (key === 'ArrowLeft' ? x < at.x : x > at.x));
  return beside.sort((a, b) => Math.abs(a.x - at.x) - Math.abs(b.x - at.x))[0]?.id;
}

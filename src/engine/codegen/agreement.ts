import type { NodeView } from '../ops/op';

/** What all layers of an op in a program agree on: worked out when the first of them asks, once for each program. */
export function agreement<T>(make: (layers: readonly NodeView[]) => T): (node: NodeView, peers: readonly NodeView[]) => T {
  const known = new WeakMap<readonly NodeView[], Map<string, T>>();
  return (node, peers) => {
    const { op } = node.node;
    const made = known.get(peers) ?? new Map<string, T>();
    known.set(peers, made);
    if (!made.has(op)) made.set(op, make(peers.filter((peer) => peer.node.op === op)));
    return made.get(op)!;
  };
}

import type { Attribute, Graph, Node, SubGraph } from '../ir/types';
import { opOf } from '../ops/table';

const isGraph = (attribute: Attribute): attribute is SubGraph => typeof attribute === 'object' && 'kind' in attribute && attribute.kind === 'graph';

/** All graphs that a node runs, those inside of them included. */
export function innerGraphs(node: Node): Graph[] {
  const own = Object.values(node.attributes).filter(isGraph).map(({ graph }) => graph);
  return own.flatMap((graph) => [graph, ...graph.nodes.flatMap(innerGraphs)]);
}

/** False where the node, or one inside of it, is opaque: what it costs is unknown. */
export const isUnderstood = (node: Node): boolean =>
  opOf(node).family !== 'unknown' && innerGraphs(node).every((graph) => graph.nodes.every((inner) => opOf(inner).family !== 'unknown'));

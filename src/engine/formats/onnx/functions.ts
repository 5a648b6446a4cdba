import type { AttributeProto, FunctionProto, GraphProto, NodeProto } from './schema';

/** Functions that a model brings along, by `functionKey`. */
export type ModelFunctions = ReadonlyMap<string, FunctionProto>;

export const functionKey = (domain: string | undefined, name: string | undefined, overload: string | undefined): string =>
  JSON.stringify([domain === 'ai.onnx' ? '' : (domain ?? ''), name ?? '', overload ?? '']);

export const functionsOf = (functions: readonly FunctionProto[]): ModelFunctions => new Map(functions.map((f) => [functionKey(f.domain, f.name, f.overload), f]));

/** A node of a function's body with the attributes that it refers to replaced by those of the call, or the function's defaults. */
export function withCallAttributes(node: NodeProto, body: FunctionProto, call: NodeProto): NodeProto {
  const given = new Map<string, AttributeProto>([...body.attributeProto, ...call.attribute].map((attribute) => [attribute.name ?? '', attribute]));
  return substitute(node, given);
}

function substitute(node: NodeProto, given: ReadonlyMap<string, AttributeProto>): NodeProto {
  if (!node.attribute.some((attribute) => attribute.refAttrName || attribute.g || attribute.graphs.length)) return node;
  const attribute = node.attribute.flatMap((own) => {
    if (own.refAttrName) {
      const value = given.get(own.refAttrName);
      // Neither given nor defaulted: the node has not got the attribute.
      return value ? [{ ...value, name: own.name }] : [];
    }
    if (!own.g && !own.graphs.length) return [own];
    return [{ ...own, g: own.g && inGraph(own.g, given), graphs: own.graphs.map((graph) => inGraph(graph, given)) }];
  });
  return { ...node, attribute };
}

const inGraph = (graph: GraphProto, given: ReadonlyMap<string, AttributeProto>): GraphProto => ({ ...graph, node: graph.node.map((node) => substitute(node, given)) });

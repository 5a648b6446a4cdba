import type { Model } from '../../src/engine/ir/types';

/** Values inside of the graph by number: a layer that ONNX writes as several nodes gives them names of their own. */
export function renumbered(model: Model): Model {
  const { graph } = model;
  const ports = new Set([...graph.inputs, ...graph.outputs]);
  const order = new Map(graph.nodes.flatMap((node) => node.outputs).map((id, i) => [id, `v${i}`]));
  return { ...model, graph: { ...graph, values: new Map([...graph.values].map(([id, value]) => [id, ports.has(id) ? value : { ...value, name: order.get(id) ?? value.name }])) } };
}

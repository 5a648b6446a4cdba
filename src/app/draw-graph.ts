import { throwIfCancelled } from '../base/cancel';
import type { Task } from '../base/progress';
import { networkOf, type Network } from '../engine/cost/graph';
import { shortName } from '../engine/cost/short-name';
import type { GraphNode, GraphReport, InspectRequest } from './engine-contract';
import { openProgram } from './inspect-model';
import { layered, type Box } from './layout/layered';

/** Sizes of boxes, in pixels of the drawing; text of 12 px needs about 6.8 px a character. */
const LAYER: Box = { width: 168, height: 40 };
const PORT: Box = { width: 120, height: 26 };

/** The network as a layered drawing: layers in execution order, inputs above and outputs below them. */
export async function drawGraph(request: InspectRequest, task: Task): Promise<GraphReport> {
  const { program } = await openProgram(request, task);
  throwIfCancelled(task.signal);
  task.progress({ stage: 'Laying out the graph' });
  const network = networkOf(program);
  const nodes = nodesOf(program.steps.map(({ node }) => node.name), network);
  const placeOf = new Map(nodes.map(({ id }, place) => [id, place]));
  const layout = layered(nodes, network.passages.map(({ from, to }) => ({ from: placeOf.get(from)!, to: placeOf.get(to)! })));
  const rounded = (value: number): number => Math.round(value * 10) / 10;
  return {
    width: rounded(layout.width),
    height: rounded(layout.height),
    nodes: nodes.map((node, i) => ({ ...node, x: rounded(layout.places[i].x), y: rounded(layout.places[i].y) })),
    edges: network.passages.map((passage, i) => ({ ...passage, points: layout.lines[i].map(rounded) })),
  };
}

type Unplaced = Omit<GraphNode, 'x' | 'y'>;

/** In topological order: inputs, layers, outputs. */
function nodesOf(layers: readonly string[], { ports }: Network): readonly Unplaced[] {
  const port = (kind: 'input' | 'output'): Unplaced[] => ports.filter((p) => p.kind === kind).map((p) => ({ ...p, ...PORT }));
  return [...port('input'), ...layers.map((name, id): Unplaced => ({ id, kind: 'layer', name: shortName(name), ...LAYER })), ...port('output')];
}

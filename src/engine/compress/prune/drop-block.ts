import { GraphEditor } from '../../ir/edit';
import { isKept, usesOf, type Uses } from '../../ir/traverse';
import type { Graph, Model, Node, ValueId } from '../../ir/types';
import { add } from '../../ops/add/op';
import { clamp } from '../../ops/clamp/op';
import { weightLayers } from '../plan';

/** Layers between two values of the same shape: what comes after can read the first in place of the second. */
export interface Block {
  /** Name of the layer that ends it. */
  readonly name: string;
  readonly from: ValueId;
  readonly to: ValueId;
}

/** Layers with weights that a block without a shortcut may have: more are no block but a network. */
const MOST_LAYERS = 2;

/** Blocks that a shortcut leads around, and pairs of layers that keep the shape. */
export function blocksOf(model: Model): Block[] {
  const { graph } = model;
  const uses = usesOf(graph);
  const layers = new Set(weightLayers(graph).map(({ id }) => id));
  return graph.nodes.flatMap((node) => {
    const [to] = node.outputs;
    if (isKept(graph, to) || graph.values.get(to)!.type.dtype !== 'float32') return [];
    const from = node.op === add.name ? shortcutOf(graph, uses, node) : layers.has(node.id) ? chainStart(graph, uses, layers, node) : undefined;
    return from === undefined ? [] : [{ name: node.name, from, to }];
  });
}

/** The model without a block; what the block's end was limited to stays so. */
export function dropBlock(model: Model, { from, to }: Block): Model {
  const editor = GraphEditor.of(model.graph);
  const bounds = (node: Node | undefined): Record<string, number> => Object.fromEntries(['clampMin', 'clampMax'].flatMap((key) => (typeof node?.attributes[key] === 'number' ? [[key, node.attributes[key]]] : [])));
  const end = editor.producerOf(to)!;
  const [own, before] = [bounds(end), bounds(editor.producerOf(from))];
  const isLimited = Object.entries(own).every(([key, value]) => before[key] === value);
  if (isLimited) {
    editor.replaceUses(to, from);
  } else {
    const limited = editor.addValue(editor.value(to).name, editor.value(to).type);
    editor.replaceUses(to, limited);
    editor.addNode({ op: clamp.name, name: `${end.name}.limit`, inputs: [from], outputs: [limited], attributes: own, origin: end.origin });
  }
  return { ...model, graph: editor.finish() };
}

const sameShape = (graph: Graph, a: ValueId, b: ValueId): boolean => graph.values.get(a)!.type.shape?.join() === graph.values.get(b)!.type.shape?.join();

/** The input of a sum that the other one is made from. */
function shortcutOf(graph: Graph, uses: Uses, node: Node): ValueId | undefined {
  const [a, b] = node.inputs;
  if (a === undefined || b === undefined || graph.values.get(a)!.constant || graph.values.get(b)!.constant) return undefined;
  const from = isMadeFrom(uses, b, a) ? a : isMadeFrom(uses, a, b) ? b : undefined;
  return from !== undefined && uses.producer.has(from) && sameShape(graph, from, node.outputs[0]) ? from : undefined;
}

function isMadeFrom(uses: Uses, value: ValueId, origin: ValueId): boolean {
  const seen = new Set<ValueId>();
  const stack = [value];
  while (stack.length) {
    const id = stack.pop()!;
    if (seen.has(id)) continue;
    seen.add(id);
    if (id === origin) return true;
    for (const input of uses.producer.get(id)?.inputs ?? []) if (input !== undefined) stack.push(input);
  }
  return false;
}

/** What goes into a short chain of layers that ends with this one and keeps the shape. */
function chainStart(graph: Graph, uses: Uses, layers: ReadonlySet<number>, last: Node): ValueId | undefined {
  let node: Node | undefined = last;
  for (let count = 1; node && layers.has(node.id) && count <= MOST_LAYERS; count++) {
    const from: ValueId = node.inputs[0]!;
    const before = uses.producer.get(from);
    if (!before) return undefined;
    if (count === MOST_LAYERS) return sameShape(graph, from, last.outputs[0]) ? from : undefined;
    if (uses.consumers.get(from)?.length !== 1 || isKept(graph, from)) return undefined;
    node = before;
  }
  return undefined;
}

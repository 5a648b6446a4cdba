import { codeRange, isStatic, typeBytes } from '../ir/dtype';
import type { GraphEditor } from '../ir/edit';
import { constantOf } from '../ir/tensor';
import { usesOf } from '../ir/traverse';
import type { Graph, Node, RoundingRule, StaticType, TensorType, ValueId } from '../ir/types';
import type { CodeRange } from '../ops/channels';
import { NodeView } from '../ops/op';
import { LARGEST_INPUT } from '../ops/real-channels';
import { opOf } from '../ops/table';
import { editingPass } from './pass';

/**
 * Leaves out channels that carry nothing: ranges are propagated from all possible inputs, and a channel that has one code only
 * becomes part of the next layer's bias; a channel that nobody reads any more is not computed. No bit of an integer result
 * changes; a real one changes as by another order of summation, for inputs up to `LARGEST_INPUT`. Works on lowered models: channels last.
 */
export const foldConstantChannels = editingPass('fold-constant-channels', (editor, graph, model) => {
  const channels = new Channels(graph, model.rounding);
  const dropped = channels.dropped();
  if ([...dropped.values()].every((list) => !list.includes(true))) return;
  for (const node of graph.nodes) channels.rewrite(editor, node, dropped);
});

/** Weights of larger float models are left in the file: ranges would read all of them, for a model that no microcontroller holds. */
const MOST_REAL_BYTES = 8 * 2 ** 20;

/** Layers with more are none that a microcontroller computes. */
const MOST_CHANNELS = 2 ** 16;

const realBytes = (graph: Graph): number =>
  [...graph.values.values()].reduce((sum, { constant, type }) => sum + (constant && type.dtype === 'float32' && isStatic(type) ? typeBytes(type) : 0), 0);

/** Kernels compute this many output channels at a time: leaving out fewer gains nothing. */
const CHANNEL_BLOCK = 4;

type Dropped = Map<ValueId, boolean[]>;

class Channels {
  private readonly views: ReadonlyMap<Node, NodeView>;
  private readonly flows: ReadonlyMap<Node, 'mixes' | 'keeps' | undefined>;
  private readonly ranges = new Map<ValueId, readonly CodeRange[]>();
  private readonly uses: ReturnType<typeof usesOf>;

  private readonly foldsReal: boolean;

  constructor(private readonly graph: Graph, rounding: RoundingRule) {
    this.uses = usesOf(graph);
    this.foldsReal = realBytes(graph) <= MOST_REAL_BYTES;
    this.views = new Map(graph.nodes.map((node) => [node, new NodeView(graph, node, rounding)]));
    this.flows = new Map(graph.nodes.map((node) => [node, this.flowOf(node)]));
    for (const node of graph.nodes) {
      if (this.flows.get(node)) this.ranges.set(node.outputs[0], opOf(node).channels!.ranges(this.views.get(node)!, this.rangesOf(node.inputs[0]!)));
    }
  }

  private flowOf(node: Node): 'mixes' | 'keeps' | undefined {
    const view = this.views.get(node)!;
    const known = [...node.inputs.map((id) => id === undefined || isStatic(this.graph.values.get(id)!.type)), ...node.outputs.map((id) => isStatic(this.graph.values.get(id)!.type))];
    if (!known.every(Boolean) || !opOf(node).channels || node.outputs.length !== 1 || !this.isFoldable(view.outputType()) || !this.isFoldable(view.type(0))) return undefined;
    return Math.max(this.channelCount(node.inputs[0]!), this.channelCount(node.outputs[0])) <= MOST_CHANNELS ? opOf(node).channels!.flow(view) : undefined;
  }

  /** Codes, and float32. */
  private isFoldable({ quantization, dtype }: TensorType): boolean {
    return quantization !== undefined || (this.foldsReal && dtype === 'float32');
  }

  private channelCount(id: ValueId): number {
    const { shape } = this.graph.values.get(id)!.type as StaticType;
    return shape[shape.length - 1];
  }

  private rangesOf(id: ValueId): readonly CodeRange[] {
    const known = this.ranges.get(id) ?? Array.from({ length: this.channelCount(id) }, () => this.wholeRange(id));
    this.ranges.set(id, known);
    return known;
  }

  /** What any element can be: all codes; real numbers are bounded at the model's inputs, and wherever elements only change places. */
  private wholeRange(id: ValueId): CodeRange {
    const { dtype, quantization } = this.graph.values.get(id)!.type;
    if (dtype !== 'float32' || quantization) {
      const [low, high] = codeRange(dtype);
      return { low, high };
    }
    if (this.graph.inputs.includes(id)) return { low: -LARGEST_INPUT, high: LARGEST_INPUT };
    const producer = this.uses.producer.get(id);
    const from = producer && (opOf(producer).onlyMoves || opOf(producer).isView) ? producer.inputs[0] : undefined;
    return from === undefined ? { low: -Infinity, high: Infinity } : (this.ranges.get(from)?.reduce((a, b) => ({ low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) })) ?? this.wholeRange(from));
  }

  /** For each value that loses channels: which. The largest such choice in which producers and consumers agree. */
  dropped(): Dropped {
    const kept = new Set([...this.graph.outputs, ...this.graph.states.flatMap((state) => [state.input, state.output])]);
    const dropped: Dropped = new Map();
    for (const node of this.graph.nodes) {
      const [id] = node.outputs;
      if (!this.flows.get(node) || kept.has(id)) continue;
      const consumers = this.uses.consumers.get(id) ?? [];
      if (consumers.length === 0 || !consumers.every((consumer) => this.flows.get(consumer) && consumer.inputs.indexOf(id) === 0)) continue;
      dropped.set(id, new Array<boolean>(this.channelCount(id)).fill(true));
    }
    do this.settle(dropped);
    while (this.roundUp(dropped));
    return dropped;
  }

  private settle(dropped: Dropped): void {
    for (let changed = true; changed; ) {
      changed = false;
      for (const [id, list] of dropped) {
        list.forEach((isDropped, channel) => {
          if (!isDropped || this.mayDrop(dropped, id, channel)) return;
          list[channel] = false;
          changed = true;
        });
      }
    }
  }

  private mayDrop(dropped: Dropped, id: ValueId, channel: number): boolean {
    const producer = this.uses.producer.get(id)!;
    if (this.flows.get(producer) === 'keeps' && !dropped.get(producer.inputs[0]!)?.[channel]) return false;
    return (this.uses.consumers.get(id) ?? []).every((consumer) =>
      this.flows.get(consumer) === 'keeps'
        ? dropped.get(consumer.outputs[0])?.[channel] === true
        : opOf(consumer).channels!.absorbs!(this.views.get(consumer)!, channel, this.rangesOf(id)[channel]),
    );
  }

  /** Takes channels back until blocks are full; true where that changed anything. */
  private roundUp(dropped: Dropped): boolean {
    let changed = false;
    for (const list of dropped.values()) {
      const rest = list.filter((isDropped) => !isDropped).length;
      const wanted = Math.min(list.length, Math.max(CHANNEL_BLOCK, Math.ceil(rest / CHANNEL_BLOCK) * CHANNEL_BLOCK));
      for (let missing = wanted - rest, channel = 0; missing > 0; channel++) {
        if (!list[channel]) continue;
        list[channel] = false;
        missing--;
        changed = true;
      }
    }
    return changed;
  }

  rewrite(editor: GraphEditor, node: Node, dropped: Dropped): void {
    const [input, output] = [node.inputs[0], node.outputs[0]];
    const lost = (id: ValueId | undefined): boolean => id !== undefined && (dropped.get(id)?.includes(true) ?? false);
    if (!lost(input) && !lost(output)) return;
    const kept = (id: ValueId): number[] => Array.from({ length: this.channelCount(id) }, (_, c) => c).filter((c) => !dropped.get(id)?.[c]);
    const view = this.views.get(node)!;
    const { constants, attributes } = opOf(node).channels!.without(view, { keptInputs: kept(input!), keptOutputs: kept(output), input: this.rangesOf(input!) });
    const inputs = [...node.inputs];
    constants?.forEach((tensor, index) => {
      const id = node.inputs[index];
      inputs[index] = editor.addValue(id === undefined ? `${node.name}.bias` : this.graph.values.get(id)!.name, tensor.type, constantOf(tensor));
    });
    editor.replaceNode(node.id, { inputs, attributes: { ...node.attributes, ...attributes } });
    if (!lost(output)) return;
    const type = this.graph.values.get(output)!.type as StaticType;
    editor.setType(output, { ...type, shape: [...type.shape.slice(0, -1), kept(output).length] });
  }
}

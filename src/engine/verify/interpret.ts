import { emptyData, constantTensor, zeros, type Tensor } from '../ir/tensor';
import { elementCount, isStatic } from '../ir/dtype';
import { runOpaque } from '../formats/onnx/run-node';
import type { Graph, Model, Node, RoundingRule, StaticType, TensorType, Value, ValueId } from '../ir/types';
import { NodeView } from '../ops/op';
import { opaque, type OpaqueAttributes } from '../ops/opaque';
import { opOf } from '../ops/table';

/**
 * The reference interpreter of a graph, which keeps its state between runs: what the model means, one node after another, in plain arithmetic. Generated C must give the
 * same bits for integer types, and the same numbers within rounding for floats.
 */
export class InterpretedGraph {
  private readonly constants = new Map<ValueId, Tensor>();
  private state: ReadonlyMap<ValueId, Tensor>;
  private readonly views: readonly { node: Node; view: NodeView }[];

  constructor(readonly graph: Graph, rounding: RoundingRule) {
    this.views = graph.nodes.map((node) => ({ node, view: new NodeView(graph, node, rounding) }));
    this.state = initialState(graph);
  }

  /** Outputs in the graph's order. `visit` sees each result as it is made. */
  run(inputs: readonly Tensor[], visit?: (id: ValueId, tensor: Tensor) => void): Tensor[] {
    const { graph } = this;
    const values = new Map<ValueId, Tensor>([...graph.inputs.map((id, i) => [id, inputs[i]] as const), ...this.state]);
    const lastReader = this.lastReaders();
    const valueOf = (id: ValueId): Tensor => values.get(id) ?? this.constant(id);
    for (const { node, view } of this.views) {
      const results = evaluateNode(view, node.inputs.map((id) => (id === undefined ? undefined : valueOf(id))));
      node.outputs.forEach((id, i) => {
        if (!results[i]) return;
        const tensor = this.typed(id, results[i]);
        values.set(id, tensor);
        visit?.(id, tensor);
      });
      for (const id of node.inputs) if (id !== undefined && lastReader.get(id) === node) values.delete(id);
    }
    this.state = new Map(graph.states.map((state) => [state.input, this.typed(state.input, valueOf(state.output))]));
    return graph.outputs.map(valueOf);
  }

  /** The same numbers under the type that the graph gives a value: codes may be handed on under another scale. */
  private typed(id: ValueId, tensor: Tensor): Tensor {
    const { type } = this.graph.values.get(id)!;
    return isStatic(type) && type !== tensor.type && type.shape.join() === tensor.type.shape.join() ? { type, data: tensor.data } : tensor;
  }

  /** Back to the state before the first run. */
  reset(): void {
    this.state = initialState(this.graph);
  }

  private constant(id: ValueId): Tensor {
    let tensor = this.constants.get(id);
    if (!tensor) this.constants.set(id, (tensor = constantTensor(this.graph.values.get(id)!)));
    return tensor;
  }

  private readers?: Map<ValueId, Node>;

  /** Node after which a value is not needed any more; graph outputs have none. */
  private lastReaders(): Map<ValueId, Node> {
    if (this.readers) return this.readers;
    this.readers = new Map();
    for (const { node } of this.views) for (const id of node.inputs) if (id !== undefined) this.readers.set(id, node);
    for (const id of [...this.graph.outputs, ...this.graph.states.map((state) => state.output)]) this.readers.delete(id);
    return this.readers;
  }
}

/** The same of a whole model. */
export class Interpreter extends InterpretedGraph {
  constructor(readonly model: Model) {
    super(model.graph, model.rounding);
  }
}

/**
 * Results of one node. Where its types are not known before it runs, or an input has another shape than was declared, they
 * are inferred from the inputs it gets.
 */
function evaluateNode(view: NodeView, inputs: readonly (Tensor | undefined)[]): readonly (Tensor | undefined)[] {
  const { node } = view;
  if (node.op === opaque.name) return runOpaque(node.name, node.attributes as OpaqueAttributes, inputs, node.outputs.map((_, i) => view.output(i).name !== ''));
  const isAsDeclared = (declared: TensorType, actual: StaticType): boolean => isStatic(declared) && declared.shape.join() === actual.shape.join();
  const isKnown = node.outputs.every((_, i) => isStatic(view.output(i).type)) && inputs.every((tensor, i) => !tensor || isAsDeclared(view.type(i), tensor.type));
  return opOf(node).evaluate(isKnown ? view : concreteView(view, inputs), inputs);
}

/** The node as it would have been imported had its inputs been known. */
function concreteView(view: NodeView, inputs: readonly (Tensor | undefined)[]): NodeView {
  const { node } = view;
  const values = new Map<ValueId, Value>();
  inputs.forEach((tensor, i) => {
    if (!tensor) return;
    const value = view.input(i);
    values.set(value.id, { ...value, type: { ...tensor.type, quantization: value.type.quantization } });
  });
  node.outputs.forEach((id, i) => values.set(id, view.output(i)));
  const concrete = new NodeView({ values }, node, view.rounding);
  const types = opOf(node).infer(concrete);
  node.outputs.forEach((id, i) => values.set(id, { ...view.output(i), type: { ...types[i], quantization: types[i].quantization ?? view.output(i).type.quantization } }));
  return concrete;
}

function initialState(graph: Graph): Map<ValueId, Tensor> {
  return new Map(
    graph.states.map((state) => {
      const value = graph.values.get(state.input)!;
      if (!isStatic(value.type)) throw new Error(`State ${state.name} has no static shape`);
      if (state.initial) return [state.input, constantTensor({ ...value, constant: state.initial })];
      const tensor = zeros(value.type);
      tensor.data.fill(value.type.quantization?.zeroPoint[0] ?? 0);
      return [state.input, tensor];
    }),
  );
}

/** A tensor for a graph input from its raw bytes, as generated C holds them. */
export function inputTensor(model: Model, index: number, bytes: Uint8Array): Tensor {
  const { type } = model.graph.values.get(model.graph.inputs[index])!;
  if (!isStatic(type)) throw new Error(`Input ${index} has no static shape`);
  const data = emptyData(type.dtype, elementCount(type.shape));
  new Uint8Array(data.buffer as ArrayBuffer).set(bytes);
  return { type, data };
}

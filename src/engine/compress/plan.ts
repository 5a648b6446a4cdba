import type { Graph, Node, NodeId, ValueId } from '../ir/types';
import { isStatic } from '../ir/dtype';
import { opOf } from '../ops/table';
import type { Range } from '../quant/range';
import type { IntegerWeights } from '../quant/weight-types';

/** Numbers that layers pass on: codes with one scale a tensor (int16 around zero), or real numbers. */
export type ActivationForm = 'int8' | 'int16' | 'float32';

/** Numbers that a layer's weights are stored as. */
export type WeightForm = IntegerWeights | 'float16' | 'float32';

export interface LayerForm {
  readonly activations: ActivationForm;
  /** Without meaning for layers that have no weights. */
  readonly weights: WeightForm;
}

/** Codes chosen for a layer's weights instead of the nearest ones, and the bias that belongs to them, in real numbers. */
export interface ChosenWeights {
  readonly codes: ArrayLike<number>;
  /** One for each output channel, or for each of its blocks. */
  readonly scale: readonly number[];
  readonly bias?: ArrayLike<number>;
}

/** All that decides how a float model becomes a quantized one. */
export interface QuantizePlan {
  formOf(node: Node): LayerForm;
  /** Ranges of real activations; needed for `activationsToMeasure`. */
  readonly ranges: ReadonlyMap<ValueId, Range>;
  readonly chosen?: ReadonlyMap<NodeId, ChosenWeights>;
  /** One scale for all output channels of a layer: what per-channel scales are compared with. */
  readonly perTensor?: boolean;
  /** Weights that share a scale within an output channel, where activations are real; all of them where absent. */
  readonly groupSize?: number;
}

/** The layer has an integer form and works on real numbers now. */
export function isQuantizable(graph: Graph, node: Node): boolean {
  const isReal = (id: ValueId | undefined): boolean => {
    if (id === undefined) return true;
    const { type } = graph.values.get(id)!;
    return type.dtype === 'float32' && !type.quantization && isStatic(type);
  };
  return opOf(node).quantization !== undefined && node.inputs.every(isReal) && node.outputs.every(isReal);
}

/** Layers whose weights can be stored in a smaller form: constant, finite or not. */
export const weightLayers = (graph: Graph): Node[] =>
  graph.nodes.filter((node) => {
    const isConstant = (id: ValueId | undefined): boolean => id === undefined || graph.values.get(id)!.constant !== undefined;
    return opOf(node).scalesWeights === true && isQuantizable(graph, node) && isConstant(node.inputs[1]) && isConstant(node.inputs[2]);
  });

/** Values whose ranges a plan needs: every real activation that meets a layer with an integer form. */
export function activationsToMeasure(graph: Graph): ValueId[] {
  const wanted = new Set<ValueId>();
  for (const node of graph.nodes) {
    if (!isQuantizable(graph, node)) continue;
    for (const id of [...node.inputs, ...node.outputs]) if (id !== undefined && !graph.values.get(id)!.constant) wanted.add(id);
  }
  return [...wanted];
}

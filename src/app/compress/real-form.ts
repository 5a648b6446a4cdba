import { activationsToMeasure, weightLayers } from '../../engine/compress/plan';
import { realTwin, requantized, type RealTwin } from '../../engine/compress/real-twin';
import type { Model, ValueId } from '../../engine/ir/types';
import { opOf } from '../../engine/ops/table';
import type { Range } from '../../engine/quant/range';

export const isQuantized = (model: Model): boolean => model.graph.nodes.some((node) => opOf(node).scalesWeights && [node.inputs[1]!, node.outputs[0]].some((id) => model.graph.values.get(id)!.type.quantization));

/** A model on real numbers, which steps that leave something out look at. */
export interface RealForm {
  readonly model: Model;
  /** Where it is a quantized one's. */
  readonly twin?: RealTwin;
  /** What becomes of it in the types of the file: its sizes are those that count. New values have ranges that nobody measured. */
  coded(model: Model): Model;
}

/** Undefined for a quantized model whose codes are of types that have no twin. */
export function realFormOf(model: Model): RealForm | undefined {
  if (!isQuantized(model)) return { model, coded: (changed) => changed };
  const twin = realTwin(model);
  if (!twin || !weightLayers(twin.model.graph).length) return undefined;
  return { model: twin.model, twin, coded: (changed) => requantized(twin, changed, unmeasured(changed)) };
}

/** Sizes do not depend on ranges. */
const unmeasured = ({ graph }: Model): Map<ValueId, Range> => new Map(activationsToMeasure(graph).map((id) => [id, { min: -1, max: 1 }]));

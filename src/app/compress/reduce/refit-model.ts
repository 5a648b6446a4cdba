import { throwIfCancelled } from '../../../base/cancel';
import { layerRows } from '../../../engine/compress/layer-rows';
import { layerWeights, withWeights } from '../../../engine/compress/layer-weights';
import { weightLayers } from '../../../engine/compress/plan';
import type { KeptEntries } from '../../../engine/compress/prune/leave-out';
import { keptOutputs } from '../../../engine/compress/prune/narrow';
import { refit, type RefitData } from '../../../engine/compress/prune/refit';
import type { Model, Node, NodeId } from '../../../engine/ir/types';
import type { SampleArray } from '../../data/samples';
import type { Lab } from '../lab';
import { pickedRows, placeOf, readRow, type LayerTarget } from './layer-targets';

/**
 * Weights and biases of a smaller model fitted again, one layer after another in execution order: each to what the original
 * layer computed, from what the layers before it make now. No training: a linear least squares problem for each layer.
 */
export async function refitModel(lab: Lab, model: Model, original: Model, kept: KeptEntries, targets: ReadonlyMap<NodeId, LayerTarget>, samples: SampleArray): Promise<Model> {
  let result = model;
  const layers = weightLayers(model.graph).filter((node) => targets.has(node.id));
  for (const [index, layer] of layers.entries()) {
    lab.task.progress({ stage: 'Reconstructing layers', done: index, total: layers.length });
    throwIfCancelled(lab.task.signal);
    result = await refitLayer(lab, result, layer, keptOutputs(original, targets.get(layer.id)!.node, kept), targets.get(layer.id)!, samples);
  }
  return result;
}

async function refitLayer(lab: Lab, model: Model, layer: Node, kept: readonly number[], target: LayerTarget, samples: SampleArray): Promise<Model> {
  const parts = await refitData(lab, model, layer, kept, target, samples);
  const { weights, bias } = layerWeights(model, layer.id);
  const newWeights = Float64Array.from(weights);
  const newBias = Float64Array.from(bias);
  parts.forEach((data, group) => {
    const { outputs, depth } = data;
    const [from, to] = [group * outputs, (group + 1) * outputs];
    const fitted = refit(data, newWeights.slice(from * depth, to * depth), newBias.slice(from, to), target.clamp);
    newWeights.set(fitted.weights, from * depth);
    newBias.set(fitted.bias, from);
  });
  return parts.length ? withWeights(model, new Map([[layer.id, { weights: newWeights, bias: newBias }]])) : model;
}

/** What a layer sees in a smaller model and what it is to compute, for each of its groups; none where its rows are not known. */
export async function refitData(lab: Lab, model: Model, layer: Node, kept: readonly number[], target: LayerTarget, samples: SampleArray): Promise<RefitData[]> {
  const rows = layerRows(model, layer);
  if (!rows) return [];
  const { depth, groups, count } = rows;
  const total = target.targets.length / target.outputs;
  // A block without its shortcut has nothing to add; its targets are the sum all the same.
  const shortcut = target.shortcut !== undefined && model.graph.values.has(target.shortcut) ? target.shortcut : undefined;
  const added = shortcut === undefined ? undefined : new Float64Array(total * kept.length);
  const inputs = Array.from({ length: groups }, () => new Float64Array(total * depth));
  let next = 0;
  await lab.forEachSample(model, [layer.inputs[0]!, ...(shortcut === undefined ? [] : [shortcut])], samples, 'Reconstructing layers', ([values, beside], s) => {
    for (const row of pickedRows(count, target.stride, s)) {
      if (added) for (let o = 0; o < kept.length; o++) added[next * kept.length + o] = beside[placeOf(layer, row, o, count, kept.length)];
      for (let group = 0; group < groups; group++) readRow(rows, row, group, values, inputs[group], next * depth);
      next++;
    }
  });
  const perGroup = kept.length / groups;
  return inputs.map((input, group) => {
    const own = kept.slice(group * perGroup, (group + 1) * perGroup);
    const targets = new Float64Array(total * perGroup);
    const beside = added && new Float64Array(total * perGroup);
    for (let n = 0; n < total; n++) {
      own.forEach((o, i) => {
        targets[n * perGroup + i] = target.targets[n * target.outputs + o];
        if (beside) beside[n * perGroup + i] = added[n * kept.length + group * perGroup + i];
      });
    }
    return { rows: input, depth, targets, outputs: perGroup, fitRows: target.fitRows, ...(beside ? { added: beside } : {}) };
  });
}

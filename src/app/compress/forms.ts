import { ProblemError } from '../../base/problem';
import { weightLayers, type LayerForm } from '../../engine/compress/plan';
import { compressProblems } from '../../engine/compress/problems';
import type { Model, NodeId } from '../../engine/ir/types';
import { quantizeKinds } from './kinds';
import type { FormOf } from './lab';
import type { QuantizeRequest } from './quantize-step';

/** The form that a request gives to layers it does not name. */
export const baseForm = (request: QuantizeRequest): LayerForm => {
  const form = quantizeKinds[request.quantize];
  return { ...form, ...(request.activations ? { activations: request.activations } : {}) };
};

/** The form of each layer: as chosen for it, as the request names it, or the kind's. */
export function formsOf(model: Model, request: QuantizeRequest, chosen?: ReadonlyMap<NodeId, LayerForm>): FormOf {
  const base = baseForm(request);
  const layers = weightLayers(model.graph);
  for (const name of Object.keys(request.layers ?? {})) {
    if (!layers.some((layer) => layer.name === name)) throw new ProblemError(compressProblems.noSuchLayer(name, layers.map((layer) => layer.name)));
  }
  return (node) => {
    const { ranges: _ranges, ...wanted } = request.layers?.[node.name] ?? {};
    return consistent({ ...(chosen?.get(node.id) ?? base), ...wanted });
  };
}

/** Integer activations need integer weights: a layer with real weights computes on real numbers. */
const consistent = (form: LayerForm): LayerForm => (form.weights === 'float32' || form.weights === 'float16' ? { ...form, activations: 'float32' } : form);

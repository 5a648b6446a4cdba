import { isQuantizable, type ChosenWeights, type LayerForm } from '../../engine/compress/plan';
import type { Model, Node, NodeId } from '../../engine/ir/types';
import type { Moments } from '../../engine/quant/moments';

/**
 * What was chosen for layers before, under the same forms of everything that comes before them: trials that differ in a late
 * layer, or in what is done afterwards, need not do it again. Good for one float model, one set of samples and one recipe.
 */
export class RoundingMemo {
  private readonly chosen = new Map<string, ChosenWeights>();
  private last: { readonly key: string; readonly moments: readonly Moments[] } | undefined;

  weights(key: string): ChosenWeights | undefined {
    return this.chosen.get(key);
  }

  keep(key: string, { codes, ...rest }: ChosenWeights): void {
    // No grid goes beyond a byte.
    this.chosen.set(key, { ...rest, codes: Int8Array.from(codes) });
  }

  /** Moments of a layer's input. Only the last ones are kept, which other forms of the same layer ask for next. */
  async moments(key: string, measure: () => Promise<readonly Moments[]>): Promise<readonly Moments[]> {
    if (this.last?.key !== key) this.last = { key, moments: await measure() };
    return this.last.moments;
  }
}

/** Keys of what a layer's input and its weights depend on: forms of all layers but those with weights that come after it. */
export function memoKeys(model: Model, layer: Node, formOf: (node: Node) => LayerForm, later: ReadonlySet<NodeId>): { readonly input: string; readonly weights: string } {
  const form = formOf(layer);
  const others = model.graph.nodes.filter((node) => node.id !== layer.id && !later.has(node.id) && isQuantizable(model.graph, node));
  const input = `${layer.id}:${form.activations};${others.map((node) => `${formOf(node).activations}/${formOf(node).weights}`).join()}`;
  return { input, weights: `${input};${form.weights}` };
}

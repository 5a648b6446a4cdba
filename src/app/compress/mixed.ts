import { ProblemError } from '../../base/problem';
import { weightLayers, type LayerForm, type WeightForm } from '../../engine/compress/plan';
import { compressProblems } from '../../engine/compress/problems';
import { dtypes } from '../../engine/ir/dtype';
import type { NodeId, StaticType } from '../../engine/ir/types';
import { weightGrids } from '../../engine/quant/weight-types';
import type { SampleArray } from '../data/samples';
import type { Lab, Recipe } from './lab';
import { packedBytes } from './size';

/** Forms that a layer's weights may take in a mixed model, widest first. */
const CHOICES = ['int8', 'int4', 'int2'] as const satisfies readonly WeightForm[];

interface Choice {
  readonly weights: (typeof CHOICES)[number];
  readonly bytes: number;
  readonly divergence: number;
}

/** Bytes that count as one when choices are weighed against each other: exact enough, and quick for models of any size. */
const GRAIN = 32;

/**
 * The form of each layer's weights such that they fit into `weightBytes` and the model stays as near to float as it can: what
 * each form of each layer costs is measured alone, all others in float, and the costs are taken to add up.
 */
export async function chooseForms(lab: Lab, recipe: Recipe, base: LayerForm, weightBytes: number, fit: SampleArray, check: SampleArray): Promise<Map<NodeId, LayerForm>> {
  const layers = weightLayers(lab.source.graph);
  const table: Choice[][] = [];
  const kept: LayerForm = { activations: 'float32', weights: 'float32' };
  for (const [index, layer] of layers.entries()) {
    lab.task.progress({ stage: 'Measuring how much each layer matters', done: index, total: layers.length });
    const type = lab.source.graph.values.get(layer.inputs[1]!)!.type as StaticType;
    const choices: Choice[] = [];
    for (const weights of CHOICES) {
      const { quantized } = await lab.make(recipe, (node) => (node.id === layer.id ? { activations: 'float32', weights } : kept), fit);
      const { divergence } = await lab.judge(quantized, check);
      choices.push({ weights, bytes: packedBytes(type, dtypes[weightGrids[weights].dtype].bits), divergence: Math.max(0, divergence) });
    }
    table.push(choices);
  }
  const chosen = lightest(table, weightBytes);
  if (!chosen) {
    const least = table.reduce((sum, choices) => sum + Math.min(...choices.map((choice) => choice.bytes)), 0);
    throw new ProblemError(compressProblems.budgetTooSmall('flash for weights', weightBytes, least));
  }
  return new Map(layers.map((layer, i) => [layer.id, { ...base, weights: chosen[i].weights }]));
}

/** One choice of each row with the least sum of divergences within a sum of bytes; undefined where nothing fits. */
function lightest(table: readonly (readonly Choice[])[], bytes: number): Choice[] | undefined {
  const slots = Math.floor(bytes / GRAIN);
  if (slots < 0) return undefined;
  let best: { divergence: number; path: readonly Choice[] }[] = Array.from({ length: slots + 1 }, () => ({ divergence: 0, path: [] }));
  for (const choices of table) {
    best = best.map((_, slot) => {
      let found = { divergence: Infinity, path: [] as readonly Choice[] };
      for (const choice of choices) {
        const before = best[slot - Math.ceil(choice.bytes / GRAIN)];
        const divergence = before ? before.divergence + choice.divergence : Infinity;
        if (divergence < found.divergence) found = { divergence, path: [...before.path, choice] };
      }
      return found;
    });
  }
  const last = best[slots];
  return Number.isFinite(last.divergence) ? [...last.path] : undefined;
}

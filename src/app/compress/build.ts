import { ProblemError } from '../../base/problem';
import { weightLayers, type LayerForm } from '../../engine/compress/plan';
import { compressProblems } from '../../engine/compress/problems';
import { writeOnnx } from '../../engine/formats/onnx/write';
import { dtypes } from '../../engine/ir/dtype';
import type { Model, Node, NodeId, StaticType } from '../../engine/ir/types';
import { weightGrids } from '../../engine/quant/weight-types';
import type { MethodStep } from '../engine-contract';
import type { Dataset } from '../data/dataset';
import { pickSamples, spread, type SampleArray } from '../data/samples';
import { understand, type OpenModel } from '../model-file';
import { searchRecipe, type Fold, type Trial } from './auto';
import type { Deadline } from './deadline';
import { baseForm, formsOf } from './forms';
import { PLAIN, type Candidate, type FormOf, type Lab, type Recipe } from './lab';
import { chooseForms, type MixedBudget } from './mixed';
import type { QuantizeRequest } from './quantize-step';
import { packedBytes, sizeOf, type Size } from './size';
import { spareLayers } from './spare-layers';

export interface Built {
  readonly candidate: Candidate;
  readonly recipe: Recipe;
  readonly trials: readonly Trial[];
  readonly check: SampleArray;
  /** Samples that the candidate was fitted on. */
  readonly fitted: SampleArray;
  /** Samples that trials were judged on. */
  readonly judged: number;
}

/** More samples than these make ranges and moments no better. */
export const MOST_SAMPLES = 512;
export const MOST_CHECKED = 128;

/** The quantized model that a request asks for: its recipe found or given, its layers' forms chosen, fitted on all calibration samples. */
export async function build(lab: Lab, open: OpenModel, request: QuantizeRequest, dataset: Dataset, deadline: Deadline): Promise<Built> {
  const all = spread(dataset.calibration, MOST_SAMPLES);
  // Mixed precision needs its time for the forms of layers: they are judged once.
  const folds = foldsOf(all, dataset.validation && spread(dataset.validation, MOST_CHECKED), request.quantize === 'mixed' ? Infinity : sizeOf(open).macs);
  const [{ fit, check }] = folds;
  const fixed: Partial<Recipe> = { ...(request.ranges ? { ranges: request.ranges } : {}), ...(request.perTensor ? { perTensor: true } : {}), ...(request.groupSize ? { groupSize: request.groupSize } : {}), ...layerRangesOf(request) };
  const formOf = formsOf(lab.source, request);
  const { recipe, trials } = request.method === undefined || request.method === 'auto'
    ? await searchRecipe(lab, formOf, folds, fixed, deadline)
    : { recipe: recipeOf(request.method, fixed), trials: [] };
  const mixed = request.quantize === 'mixed' ? await mixedForms(lab, open, request, recipe, formOf, all, deadline) : undefined;
  const forms = mixed ? formsOf(lab.source, request, mixed) : formOf;
  const isGiven = request.method !== undefined && request.method !== 'auto';
  const final = mixed && !isGiven ? await recipeForFewBits(lab, recipe, forms, { fit, check }, deadline) : recipe;
  let candidate = await lab.make(final, forms, all);
  if (request.quantize === 'auto') candidate = await spareLayers({ lab, recipe: final, formOf: forms, all, check, deadline }, candidate);
  return { candidate, recipe: final, trials, check, fitted: all, judged: folds.reduce((sum, fold) => sum + fold.check.count, 0) };
}

function layerRangesOf({ layers = {} }: QuantizeRequest): Pick<Recipe, 'layerRanges'> {
  const chosen = Object.entries(layers).flatMap(([name, { ranges }]) => (ranges ? [[name, ranges] as const] : []));
  return chosen.length ? { layerRanges: Object.fromEntries(chosen) } : {};
}

function recipeOf(steps: readonly MethodStep[], fixed: Partial<Recipe>): Recipe {
  return {
    ...PLAIN,
    equalize: steps.includes('equalize'),
    absorb: steps.includes('absorb'),
    tune: steps.includes('tune'),
    weights: steps.includes('reconstruct') ? 'reconstruct' : steps.includes('bias') ? 'bias' : 'nearest',
    ...fixed,
  };
}

/** Multiply-accumulates, of the model over all samples, up to which every sample is judged once: few samples tell little. */
const CROSS_VALIDATED_MACS = 3e7;

/** A fourth of the samples judges what was fitted on the others; of small models each fourth in turn. */
export function foldsOf(all: SampleArray, validation: SampleArray | undefined, macs: number): Fold[] {
  if (validation) return [{ fit: all, check: validation }];
  if (all.count < 8) return [{ fit: all, check: all }];
  const indices = Array.from({ length: all.count }, (_, i) => i);
  const fold = (turn: number): Fold => ({ fit: pickSamples(all, indices.filter((i) => i % 4 !== turn)), check: spread(pickSamples(all, indices.filter((i) => i % 4 === turn)), MOST_CHECKED) });
  return macs * all.count <= CROSS_VALIDATED_MACS ? [3, 2, 1, 0].map(fold) : [fold(3)];
}

/** Weights of few bits are nothing without reconstruction; whether equalization helps is asked again for them. */
async function recipeForFewBits(lab: Lab, recipe: Recipe, formOf: FormOf, { fit, check }: Fold, deadline: Deadline): Promise<Recipe> {
  let best = { recipe: { ...recipe, weights: 'reconstruct' as const }, divergence: Infinity };
  for (const change of [{}, { equalize: !recipe.equalize }, { tune: true }]) {
    if (best.divergence < Infinity && deadline.isOver()) break;
    const next = { ...best.recipe, ...change };
    const { divergence } = await lab.judge((await lab.make(next, formOf, fit)).quantized, check);
    if (divergence < best.divergence) best = { recipe: next, divergence };
  }
  return best.recipe;
}

async function mixedForms(lab: Lab, open: OpenModel, request: QuantizeRequest, recipe: Recipe, formOf: FormOf, samples: SampleArray, deadline: Deadline): Promise<Map<NodeId, LayerForm>> {
  const { quantized } = await lab.make({ ...recipe, weights: 'nearest', tune: false }, formOf, samples);
  const sizeAs = (model: Model): Size => sizeOf(understand(writeOnnx(model).bytes, open.path));
  const size = sizeAs(quantized);
  const { budget = {} } = request;
  if (budget.ramBytes !== undefined && size.ramBytes > budget.ramBytes) throw new ProblemError(compressProblems.budgetTooSmall('RAM', budget.ramBytes, size.ramBytes));
  const flash = Math.min(budget.flashBytes ?? Infinity, (budget.flashShare ?? (budget.flashBytes === undefined ? 0.6 : 1)) * size.flashBytes);
  const bytesAs = (node: Node, bits: number): number => packedBytes(lab.source.graph.values.get(node.inputs[1]!)!.type as StaticType, bits);
  const layers = weightLayers(lab.source.graph);
  const weights = layers.reduce((sum, node) => sum + bytesAs(node, dtypes[weightGrids.int8.dtype].bits), 0);
  const ramBytes = budget.ramBytes ?? Infinity;
  const mixedBudget: MixedBudget = {
    weightBytes: flash - (size.flashBytes - weights), ramBytes,
    excessOf(model) {
      const made = sizeAs(model);
      return { flash: made.flashBytes - flash, ram: made.ramBytes - ramBytes };
    },
  };
  return chooseForms(lab, { ...recipe, weights: 'reconstruct', tune: false }, baseForm(request), mixedBudget, samples, deadline);
}

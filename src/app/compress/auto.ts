import type { SampleArray } from '../data/samples';
import { isQuantizable, weightLayers } from '../../engine/compress/plan';
import { calibrationMethods } from '../../engine/quant/calibration';
import { weightGrids } from '../../engine/quant/weight-types';
import type { Deadline } from './deadline';
import type { Judgement } from './judge';
import { PLAIN, type FormOf, type Lab, type Recipe } from './lab';

/** One thing that the automatic mode tried. */
export interface Trial {
  readonly step: string;
  readonly recipe: Recipe;
  readonly judgement: Judgement;
  /** It was better than the best before it, and is part of the result. */
  readonly kept: boolean;
}

/** Samples to fit with, and others to judge by. */
export interface Fold {
  readonly fit: SampleArray;
  readonly check: SampleArray;
}

/** Of several folds: the mean distance, and all right answers. */
function together(judgements: readonly Judgement[]): Judgement {
  const sum = (pick: (judgement: Judgement) => number): number => judgements.reduce((total, judgement) => total + pick(judgement), 0);
  const divergence = sum((judgement) => judgement.divergence) / judgements.length;
  return judgements[0].right === undefined ? { divergence } : { divergence, right: sum((judgement) => judgement.right!) };
}

/** A trial must come so much nearer to the float model to be kept: less is chance, and what is simpler is safer. */
const WORTHWHILE = 0.9;

/**
 * Tries what can be done for accuracy, one step after another, each on top of the best so far; fits on some samples and judges
 * on others. Ends early, with what it has, when time is up.
 */
export async function searchRecipe(lab: Lab, formOf: FormOf, folds: readonly Fold[], fixed: Partial<Recipe>, deadline: Deadline): Promise<{ recipe: Recipe; trials: Trial[] }> {
  const trials: Trial[] = [];
  let recipe: Recipe = { ...PLAIN, ...fixed };
  let best: Judgement | undefined;
  const attempt = async (step: string, change: Partial<Recipe>): Promise<void> => {
    if (best && deadline.isOver()) return;
    lab.task.progress({ stage: `Trying ${step}`, done: trials.length, total: TRIALS });
    const next: Recipe = { ...recipe, ...change, ...fixed };
    // Given by the user, or so already, or without meaning for real activations.
    if (best && Object.keys(change).every((key) => next[key as keyof Recipe] === recipe[key as keyof Recipe])) return;
    const judgements: Judgement[] = [];
    for (const { fit, check } of folds) judgements.push(await lab.judge((await lab.make(next, formOf, fit)).quantized, check));
    const judgement = together(judgements);
    const kept = !best || judgement.divergence < best.divergence * WORTHWHILE;
    trials.push({ step, recipe: next, judgement, kept });
    if (kept) [recipe, best] = [next, judgement];
  };
  await attempt('nearest codes', {});
  // Half precision leaves nothing to choose.
  if (!weightLayers(lab.source.graph).some((node) => formOf(node).weights in weightGrids)) return { recipe, trials };
  // Layers on real numbers have no ranges.
  const hasRanges = lab.source.graph.nodes.some((node) => isQuantizable(lab.source.graph, node) && formOf(node).activations !== 'float32');
  if (hasRanges) for (const ranges of calibrationMethods.slice(1)) await attempt(`ranges by ${ranges}`, { ranges });
  await attempt('equalization', { equalize: true });
  await attempt('bias absorption', { absorb: true });
  await attempt('bias correction', { weights: 'bias' });
  await attempt('reconstruction', { weights: 'reconstruct' });
  // What range is best may have changed with the weights.
  if (hasRanges && recipe.weights !== 'nearest') for (const ranges of calibrationMethods) await attempt(`ranges by ${ranges} again`, { ranges });
  if (hasRanges) await attempt('range tuning', { tune: true });
  return { recipe, trials };
}

const TRIALS = 12;

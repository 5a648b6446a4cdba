import type { SampleArray } from '../data/samples';
import { calibrationMethods } from '../../engine/quant/calibration';
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

/** A trial must come so much nearer to the float model to be kept: less is chance. */
const WORTHWHILE = 0.97;

/**
 * Tries what can be done for accuracy, one step after another, each on top of the best so far; fits on some samples and judges
 * on others. Ends early, with what it has, when time is up.
 */
export async function searchRecipe(lab: Lab, formOf: FormOf, fit: SampleArray, check: SampleArray, fixed: Partial<Recipe>, deadline: Deadline): Promise<{ recipe: Recipe; trials: Trial[] }> {
  const trials: Trial[] = [];
  let recipe: Recipe = { ...PLAIN, ...fixed };
  let best: Judgement | undefined;
  const attempt = async (step: string, change: Partial<Recipe>): Promise<void> => {
    if (best && deadline.isOver()) return;
    lab.task.progress({ stage: `Trying ${step}`, done: trials.length, total: TRIALS });
    const next: Recipe = { ...recipe, ...change, ...fixed };
    if (best && Object.keys(change).every((key) => next[key as keyof Recipe] === recipe[key as keyof Recipe])) return;
    const { quantized } = await lab.make(next, formOf, fit);
    const judgement = await lab.judge(quantized, check);
    const kept = !best || judgement.divergence < best.divergence * WORTHWHILE;
    trials.push({ step, recipe: next, judgement, kept });
    if (kept) [recipe, best] = [next, judgement];
  };
  await attempt('nearest codes', {});
  for (const ranges of calibrationMethods.slice(1)) await attempt(`ranges by ${ranges}`, { ranges });
  await attempt('equalization', { equalize: true });
  await attempt('bias absorption', { absorb: true });
  await attempt('bias correction', { weights: 'bias' });
  await attempt('reconstruction', { weights: 'reconstruct' });
  return { recipe, trials };
}

const TRIALS = 8;

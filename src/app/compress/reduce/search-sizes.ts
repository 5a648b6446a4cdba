import type { Model } from '../../../engine/ir/types';
import type { StepReport } from '../steps';
import type { SampleArray } from '../../data/samples';
import type { Deadline } from '../deadline';
import type { Judgement } from '../judge';
import type { Lab } from '../lab';
import { evenSizes, exchanges, greedySizes, interpolate, type Place, type Sizes } from './plan-sizes';

/** Exchanges between places that are tried, each fitted again. */
const EXCHANGES = 12;
/** Exchanges that are compared without fitting for each that is fitted. */
const COMPARED = 6;

/** A model that sizes are chosen for. */
export interface Space {
  readonly places: readonly Place[];
  readonly cost: (sizes: Sizes) => number;
  /** Without fitting again. */
  quick(sizes: Sizes): Model;
  fitted(sizes: Sizes): Promise<Model>;
}

export interface Choice<S extends Space> {
  readonly space: S;
  readonly sizes: Sizes;
  readonly judgement: Judgement;
}

/**
 * Sizes such that the cost is at most so much and the model stays as near to the original as it can: by what each place costs
 * alone, the same share everywhere, and exchanges between places from the best of these. Undefined where nothing is small enough.
 */
export async function searchSizes<S extends Space>(lab: Lab, spaces: readonly { readonly name: string; readonly space: S }[], most: number, samples: SampleArray, deadline: Deadline): Promise<{ choice?: Choice<S>; trials: StepReport['trials'] }> {
  const trials: StepReport['trials'][number][] = [];
  let best: Choice<S> | undefined;
  const attempt = async (step: string, space: S, sizes: Sizes | undefined): Promise<void> => {
    if (!sizes || (best && space === best.space && sizes.join() === best.sizes.join())) return;
    lab.task.progress({ stage: 'Searching sizes', done: trials.length, total: EXCHANGES });
    const judgement = await lab.judge(await space.fitted(sizes), samples);
    const kept = !best || judgement.divergence < best.judgement.divergence;
    trials.push({ step, ...judgement, kept });
    if (kept) best = { space, sizes, judgement };
  };
  const [whole] = spaces;
  await attempt('sizes by sensitivity', whole.space, greedySizes(whole.space.places, whole.space.cost, most));
  await attempt('the same share everywhere', whole.space, evenSizes(whole.space.places, whole.space.cost, most));
  for (const { name, space } of spaces.slice(1)) if (!deadline.isOver()) await attempt(name, space, greedySizes(space.places, space.cost, most));
  const tried = new Set<string>();
  for (let i = 0; best && i < EXCHANGES && !deadline.isOver(); i++) {
    const { space, sizes }: Choice<S> = best;
    let next: { sizes: Sizes; divergence: number } | undefined;
    for (const choice of exchanges(space.places, sizes, space.cost, most).filter((other) => !tried.has(other.join())).slice(0, COMPARED)) {
      const { divergence } = await lab.judge(space.quick(choice), samples);
      if (!next || divergence < next.divergence) next = { sizes: choice, divergence };
    }
    if (!next) break;
    tried.add(next.sizes.join());
    await attempt('an exchange between layers', space, next.sizes);
  }
  return { choice: best, trials };
}

/** What making one place smaller costs at each of its sizes, measured at some shares of the largest. */
export async function scanPlace(lab: Lab, sizes: readonly number[], shares: readonly number[], at: (size: number) => Model, samples: SampleArray, deadline: Deadline): Promise<number[]> {
  const measured = [{ size: sizes[0], divergence: 0 }];
  for (const share of shares) {
    const size = sizes.reduce((best, other) => (Math.abs(other - share * sizes[0]) < Math.abs(best - share * sizes[0]) ? other : best));
    const last = measured[measured.length - 1];
    // Without time the rest is taken to grow on as it did.
    if (size >= last.size || (measured.length > 2 && deadline.isOver())) continue;
    const { divergence } = await lab.judge(at(size), samples);
    measured.push({ size, divergence: Math.max(divergence, last.divergence) });
  }
  return sizes.map((size) => interpolate(measured, size));
}

/** Places as a report has them. */
export const placeReports = (places: readonly Place[], sizes: Sizes): StepReport['places'] =>
  places.map((place, i) => ({ name: place.name, rule: place.rule, before: place.sizes[0], after: place.sizes[sizes[i]], scan: place.sizes.map((size, at) => ({ size, divergence: place.divergence[at] })) }));

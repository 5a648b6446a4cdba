import type { CompressReport } from '../../app/engine-contract';
import type { ReduceStep } from '../../app/compress/steps';
import type { Services } from '../services';
import { askReduction, type Reduction } from './ask-reduction';
import { compressBeside, type CompressOptions } from './compress-beside';
import { modelTarget } from './model-target';

export interface ReduceOptions extends CompressOptions {
  /** Asked where absent. */
  readonly plan?: Reduction;
}

interface Way {
  readonly verb: string;
  readonly doing: string;
  readonly suffix: string;
  readonly kind: ReduceStep['kind'];
}

const pruning: Way = { verb: 'Prune', doing: 'Pruning', suffix: 'pruned', kind: 'prune' };
const factorizing: Way = { verb: 'Factorize', doing: 'Factorizing', suffix: 'factorized', kind: 'factorize' };

/** Leaves channels out of a model, fits what is left again, and tells what it cost and gained. */
export const prune = (services: Services, target?: unknown, options: ReduceOptions = {}): Promise<CompressReport | undefined> => reduce(services, target, options, pruning);

/** Splits layers of a model into two of lower rank, and tells what it cost and gained. */
export const factorize = (services: Services, target?: unknown, options: ReduceOptions = {}): Promise<CompressReport | undefined> => reduce(services, target, options, factorizing);

async function reduce(services: Services, target: unknown, options: ReduceOptions, { verb, doing, suffix, kind }: Way): Promise<CompressReport | undefined> {
  const model = await modelTarget(target);
  const { step, quantize } = options.plan ?? (await askReduction(verb, suffix));
  return compressBeside(services, doing, [suffix, ...(quantize ? [quantize] : [])].join('.'), { path: model, steps: [{ kind, ...step } as ReduceStep], ...(quantize ? { quantize } : {}) }, options);
}

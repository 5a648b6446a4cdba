import type { Model } from '../ir/types';
import { dropImpliedClamps } from './drop-implied-clamps';
import { foldBatchNorm } from './fold-batch-norm';
import { foldConstantChannels } from './fold-constant-channels';
import { fuseClamp } from './fuse-clamp';
import { fuseQdq } from './fuse-qdq';
import { fuseWeights } from './fuse-weights';
import { mergeReshapes } from './merge-reshapes';
import { runPasses, type Pass } from './pass';
import { sinkTransposes } from './sink-transposes';
import { stripBoundary } from './strip-boundary';
import { toNhwc } from './to-nhwc';

/** One meaning for every way to write a model: what compression works on, and what is written back. Layouts stay the source's. */
export const canonicalPasses: readonly Pass[] = [mergeReshapes, foldBatchNorm, fuseClamp, fuseQdq, fuseWeights, dropImpliedClamps];

/** What costs, memory plan and code generation work on: channels last, codes at the boundary. */
export const loweringPasses: readonly Pass[] = [toNhwc, sinkTransposes, mergeReshapes, stripBoundary, foldConstantChannels];

type AfterPass = (pass: Pass, model: Model) => void;

export const canonicalize = (model: Model, after?: AfterPass): Model => runPasses(model, canonicalPasses, after);
export const lower = (model: Model, after?: AfterPass): Model => runPasses(model, loweringPasses, after);

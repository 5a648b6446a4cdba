import type { Model } from '../ir/types';
import { denseWeights } from './dense-weights';
import { dropImpliedClamps } from './drop-implied-clamps';
import { foldBatchNorm } from './fold-batch-norm';
import { foldConstantChannels } from './fold-constant-channels';
import { fuseClamp } from './fuse-clamp';
import { fusePad } from './fuse-pad';
import { fuseQdq } from './fuse-qdq';
import { fuseWeights } from './fuse-weights';
import { halfWeights } from './half-weights';
import { mergeReshapes } from './merge-reshapes';
import { runPasses, type Pass } from './pass';
import { sinkTransposes } from './sink-transposes';
import { stripBoundary } from './strip-boundary';
import { toNhwc } from './to-nhwc';

/** One meaning for every way to write a model: what compression works on, and what is written back. Layouts stay the source's. */
export const canonicalPasses: readonly Pass[] = [mergeReshapes, foldBatchNorm, denseWeights, fuseClamp, fuseQdq, fusePad, fuseWeights, halfWeights, dropImpliedClamps];

/** Channels last, codes at the boundary: the model as the file has it, in the form that kernels read. */
export const layoutPasses: readonly Pass[] = [toNhwc, sinkTransposes, mergeReshapes, stripBoundary];

/** What costs, memory plan and code generation work on: the same bits from less work. */
export const loweringPasses: readonly Pass[] = [...layoutPasses, foldConstantChannels];

type AfterPass = (pass: Pass, model: Model) => void;

export const canonicalize = (model: Model, after?: AfterPass): Model => runPasses(model, canonicalPasses, after);
export const lowerAsInFile = (model: Model, after?: AfterPass): Model => runPasses(model, layoutPasses, after);
export const lower = (model: Model, after?: AfterPass): Model => runPasses(model, loweringPasses, after);

/** A canonical model in the forms that work is done on: see `OpenModel`. */
export function formsOf(canonical: Model): { readonly canonical: Model; readonly lowered: Model; readonly asInFile: Model } {
  const asInFile = lowerAsInFile(canonical);
  return { canonical, lowered: foldConstantChannels.run(asInFile), asInFile };
}

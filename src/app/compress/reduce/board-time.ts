import { fastest, openSteps } from '../../../engine/codegen/choose-kernels';
import type { Isa } from '../../../engine/codegen/kernel';
import { layerTimesUs, type Machine } from '../../../engine/cost/latency';
import { quantizeModel } from '../../../engine/compress/quantize-model';
import type { LayerForm } from '../../../engine/compress/plan';
import type { Model, RoundingRule, ValueId } from '../../../engine/ir/types';
import { lowerAsInFile } from '../../../engine/passes/pipeline';
import type { Range } from '../../../engine/quant/range';

/** A board that time is modelled for. */
export interface Timing {
  readonly machine: Machine;
  readonly isa: Isa;
  /** Where numbers become int8 codes afterwards: the rounding of the file that is written. */
  readonly codes?: RoundingRule;
}

const int8: LayerForm = { activations: 'int8', weights: 'int8' };

/**
 * Modelled microseconds of a model's C on a board, with the kernels that its widths allow. Where it is to be quantized, of its int8
 * form; `ranges` are those of the model's activations. Layers whose kernel was never counted add nothing.
 */
export function boardTimeUs(model: Model, { machine, isa, codes }: Timing, ranges: ReadonlyMap<ValueId, Range>): number {
  const coded = codes ? { ...quantizeModel(model, { formOf: () => int8, ranges }).value, rounding: codes } : model;
  return layerTimesUs(fastest(openSteps(lowerAsInFile(coded), isa, 'own')), machine).reduce<number>((sum, us) => sum + (us ?? 0), 0);
}

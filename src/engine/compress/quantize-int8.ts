import type { Outcome } from '../../base/outcome';
import type { Model, ValueId } from '../ir/types';
import type { Range } from '../quant/range';
import { quantizeModel } from './quantize-model';

export { asymmetric, type Range } from '../quant/range';

/** The plain int8 form of a canonical model: every layer that has one, nearest codes, ranges as they were measured. */
export const quantizeInt8 = (model: Model, ranges: ReadonlyMap<ValueId, Range>): Outcome<Model> =>
  quantizeModel(model, { ranges, formOf: () => ({ activations: 'int8', weights: 'int8' }) });

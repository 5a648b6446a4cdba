import { estimateRanges } from '../../engine/compress/estimate-ranges';
import { quantizeModel } from '../../engine/compress/quantize-model';
import { MEASURED_LATER, type Rebuild } from './rebuild';

/** Sizes depend on types and shapes, not on the ranges: guessed ones do. */
export const inInt8: Rebuild = async ({ open, reportOf }) => {
  const { value: model } = quantizeModel(open.canonical, { formOf: () => ({ activations: 'int8', weights: 'int8' }), ranges: estimateRanges(open.canonical, { min: -1, max: 1 }) });
  return { title: 'Quantize to int8', report: await reportOf({ model }), caveat: MEASURED_LATER };
};

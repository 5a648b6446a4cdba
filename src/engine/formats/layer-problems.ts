import type { Problem } from '../../base/problem';
import { sentence } from './damage';

/** What can be wrong with a layer, whatever the format that it came in. */
export const layerProblems = {
  notUnderstood: (layer: string, op: string, reason: string): Problem => ({
    code: 'TINYML-OP-UNKNOWN', severity: 'warning', title: `Layer ${layer} (${op}) is not counted`, detail: reason, where: { layer },
    fixes: [{ title: 'Totals are lower bounds without it; replace the layer by supported ones to generate C' }],
  }),
  doesNotFit: (layer: string, op: string, why: string): Problem => ({
    code: 'TINYML-OP-SHAPE', severity: 'warning', title: `Layer ${layer} (${op}) does not fit its inputs`, detail: sentence(why), where: { layer },
    fixes: [{ title: 'Export the model again; its own checker (onnx.checker, or a TFLite interpreter) tells more' }],
  }),
};

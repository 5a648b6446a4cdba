import type { Problem } from '../../base/problem';
import { formatCount } from '../../base/units';

export const compressProblems = {
  varyingWeights: (layer: string): Problem => ({
    code: 'TINYML-QUANT-WEIGHTS', severity: 'warning', title: `Layer ${layer} stays in float: its weights are computed at run time`, where: { layer },
    fixes: [{ title: 'Export the model with constant weights to quantize this layer' }],
  }),
  notFinite: (layer: string): Problem => ({
    code: 'TINYML-QUANT-NAN', severity: 'warning', title: `Layer ${layer} stays in float: its weights hold NaN or infinity`, where: { layer },
    fixes: [{ title: 'Check the training run: such weights come from a diverged one' }],
  }),
  alreadyQuantized: (path: string): Problem => ({
    code: 'TINYML-QUANT-AGAIN', severity: 'error', title: 'This model is quantized already', where: { path },
    detail: 'Its layers compute with integers; quantizing integers again only loses accuracy.',
    fixes: [{ title: 'Choose the float model that it was made from' }],
  }),
  nothingToQuantize: (path: string): Problem => ({
    code: 'TINYML-QUANT-NOTHING', severity: 'error', title: 'No layer of this model can be quantized', where: { path },
    detail: 'None of its layers has an integer form with fixed shapes.',
    fixes: [{ title: 'Open it in the inspector to see which layers are not understood', command: { id: 'tinyml.openModel', args: [path] } }],
  }),
  budgetTooSmall: (what: string, asked: number, least: number): Problem => ({
    code: 'TINYML-QUANT-BUDGET', severity: 'error', title: `The model cannot be made so small: ${formatCount(asked)} B of ${what} were allowed, it needs ${formatCount(least)} B`,
    detail: 'That is what the narrowest forms of all layers take. Nothing was written.',
    fixes: [{ title: 'Allow more, or choose a smaller model' }],
  }),
  noSuchLayer: (layer: string, known: readonly string[]): Problem => ({
    code: 'TINYML-QUANT-LAYER', severity: 'error', title: `There is no layer "${layer}" to choose a form for`, detail: `Layers with weights: ${known.join(', ')}.`,
    fixes: [{ title: 'Name a layer as the report or the inspector does' }],
  }),
  dataFree: (path: string): Problem => ({
    code: 'TINYML-QUANT-DATA-FREE', severity: 'warning', title: 'Ranges are estimates: no data was given', where: { path },
    detail: 'They follow from the weights and the stated input range. Accuracy was not measured.',
    fixes: [{ title: 'Calibrate with typical inputs', command: { id: 'tinyml.quantize', args: [path] } }],
  }),
  noKernels: (layers: readonly string[]): Problem => ({
    code: 'TINYML-QUANT-NO-KERNELS', severity: 'warning', title: `C cannot be generated from the result yet: ${layers.length} of its layers have no kernels in their new form`,
    detail: `${layers.slice(0, 6).join(', ')}${layers.length > 6 ? ', …' : ''}. The file runs in onnxruntime. Flash is what kernels like those of int8 would need.`,
    fixes: [{ title: 'Quantize to int8 for C', command: { id: 'tinyml.quantize' } }],
  }),
  badData: (path: string, why: string): Problem => ({
    code: 'TINYML-DATA-BAD', severity: 'error', title: 'The calibration data cannot be used', detail: why, where: { path },
    fixes: [{ title: 'Choose another data set', command: { id: 'tinyml.quantize' } }],
  }),
};

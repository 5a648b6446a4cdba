import type { Problem } from '../../base/problem';

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
  badData: (path: string, why: string): Problem => ({
    code: 'TINYML-DATA-BAD', severity: 'error', title: 'The calibration data cannot be used', detail: why, where: { path },
    fixes: [{ title: 'Choose another data set', command: { id: 'tinyml.quantize' } }],
  }),
};

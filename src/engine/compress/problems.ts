import type { Problem } from '../../base/problem';
import { formatCount, formatPercent } from '../../base/units';
import type { Zeros } from './zeros';

const units: Readonly<Record<string, string>> = { macs: 'MACs', flash: 'B of flash', ram: 'B of RAM', time: 'MACs in full blocks of channels' };

/** What narrowing was asked for and what it can reach, in the measure's unit. */
export interface CannotPrune {
  readonly measure: string;
  /** Where that is not the measure's usual one. */
  readonly unit?: string;
  readonly before: number;
  readonly asked: number;
  readonly least: number;
  readonly places: readonly string[];
  readonly dropBlocks: boolean;
}

export const compressProblems = {
  varyingWeights: (layer: string): Problem => ({
    code: 'TINYML-QUANT-WEIGHTS', severity: 'warning', title: `Layer ${layer} stays in float: its weights are computed at run time`, where: { layer },
    fixes: [{ title: 'Export the model with constant weights to quantize this layer' }],
  }),
  notFinite: (layer: string): Problem => ({
    code: 'TINYML-QUANT-NAN', severity: 'warning', title: `Layer ${layer} stays in float: its weights hold NaN or infinity`, where: { layer },
    fixes: [{ title: 'Check the training run: such weights come from a diverged one' }],
  }),
  beyondHalf: (layer: string, largest: number): Problem => ({
    code: 'TINYML-QUANT-HALF', severity: 'warning', title: `Layer ${layer} stays in float32: float16 ends at ${formatCount(largest)}, and its weights are larger`, where: { layer },
    fixes: [{ title: 'Store its weights as int8 codes: --quantize hybrid' }],
  }),
  groupsNeedReal: (kind: string): Problem => ({
    code: 'TINYML-QUANT-GROUPS', severity: 'error', title: `Weights of ${kind} cannot have a scale for each group`,
    detail: 'Groups need activations in real numbers: sums of integer products have one scale for each output channel. float16 weights have no scale.',
    fixes: [{ title: 'Leave the group size out, or store weights alone: --quantize int4, int2, ternary, binary or hybrid' }],
  }),
  groupsInTflite: (out: string): Problem => ({
    code: 'TINYML-QUANT-GROUPS-TFLITE', severity: 'error', title: 'A .tflite file has no scale for each group of weights', detail: `${out} was to be written; kernels of TFLite read one scale for each output channel.`,
    fixes: [{ title: 'Write ONNX: --out <name>.onnx' }, { title: 'Leave the group size out' }],
  }),
  openSizes: (path: string, input: string): Problem => ({
    code: 'TINYML-QUANT-OPEN-SIZE', severity: 'error', title: `The size of input ${input} is open`, where: { path },
    detail: 'Ranges are measured, and layers fitted, on inputs of one size.',
    fixes: [{ title: 'Set the size…', command: { id: 'tinyml.setExtents' } }, { title: 'Say how large it is: "bind" in the model\'s entry of tinyml.json, or --bind' }],
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
  cannotPrune: ({ measure, unit = units[measure], before, asked, least, places, dropBlocks }: CannotPrune): Problem => ({
    code: 'TINYML-PRUNE-TARGET', severity: 'error',
    title: places.length ? `The model cannot be narrowed so far: ${formatCount(Math.floor(asked))} ${unit} were asked for, ${formatCount(Math.ceil(least))} can be reached` : 'No channel of this model can be left out',
    detail: places.length
      ? `Of its ${formatCount(before)} ${unit}, ${formatPercent(before > 0 ? least / before : 0)} stay with an eighth of the channels in each of ${places.length} places (${places.slice(0, 6).join(', ')}${places.length > 6 ? ', …' : ''}). Inputs, outputs and what only passes them on keep their size; more would need ${dropBlocks ? 'more than one block' : 'whole layers'} removed. Nothing was written.`
      : 'All of its channels reach an input, an output or a layer that is not understood, and those keep their size.',
    fixes: places.length
      ? [{ title: `Ask for ${formatCount(Math.ceil(least))} ${unit} or more` }, ...(dropBlocks ? [] : [{ title: 'Allow blocks of layers to be left out: --drop-blocks' }])]
      : [{ title: 'Quantize it instead', command: { id: 'tinyml.quantize' } }],
  }),
  cannotFactorize: ({ measure, unit = units[measure], before, asked, least, places }: Omit<CannotPrune, 'dropBlocks'>): Problem => ({
    code: 'TINYML-FACTORIZE-TARGET', severity: 'error',
    title: places.length ? `Lower ranks do not make the model so small: ${formatCount(Math.floor(asked))} ${unit} were asked for, ${formatCount(Math.ceil(least))} can be reached` : 'No layer of this model can be split',
    detail: places.length
      ? `Of its ${formatCount(before)} ${unit}, ${formatPercent(before > 0 ? least / before : 0)} stay with the lowest rank in each of ${places.length} layers. Nothing was written.`
      : 'Only dense layers and convolutions without groups can become two of lower rank, where they are large enough to save anything.',
    fixes: [{ title: places.length ? `Ask for ${formatCount(Math.ceil(least))} ${unit} or more, or prune it as well` : 'Prune or quantize it instead' }],
  }),
  zerosSaveNothing: (path: string, { weights, zeros, deadChannels }: Zeros, savedBytes: number): Problem => ({
    code: 'TINYML-ZEROS', severity: 'info',
    title: savedBytes > 0
      ? `${formatPercent(zeros / weights)} of the weights are zero, which saves ${formatCount(savedBytes)} bytes in C that is optimized for flash, and 0 bytes and 0 multiplications in fast C`
      : `${formatPercent(zeros / weights)} of the weights are zero, which saves 0 bytes and 0 multiplications in the generated C`,
    where: { path },
    detail: `${savedBytes > 0 ? 'Small C leaves zeros out and is slower for it; fast' : 'Fast'} kernels read and multiply every weight, zero or not, unless most neighbours are zero in fours. ${deadChannels === 0 ? 'No channel consists of zeros alone.' : `${formatCount(deadChannels)} channels consist of zeros alone: leaving them out changes no result.`}`,
    fixes: [
      { title: 'Leave out whole channels instead, which saves flash and time: --prune flash=30%' }, { title: 'Store weights in fewer bits: --quantize int8' },
      ...(savedBytes > 0 ? [{ title: 'Generate C with --optimize flash (setting tinyml.optimize)' }] : []),
    ],
  }),
  packedWeights: (path: string, bytes: number, layers: number): Problem => ({
    code: 'TINYML-PACKED', severity: 'info', title: `${formatCount(bytes)} bytes of weights are saved in ${formatCount(layers)} layers where C is optimized for flash, 0 bytes where it is optimized for speed`, where: { path },
    detail: 'Kernels that decode weights as they read them are slower than those that multiply several at a time. Sizes in this report are those of C optimized for flash.',
    fixes: [{ title: 'Generate C with --optimize flash (setting tinyml.optimize)' }, { title: 'Leave out whole channels instead, which saves flash and time: --prune flash=30%' }],
  }),
  packedNothing: (path: string): Problem => ({
    code: 'TINYML-PACKED', severity: 'warning', title: 'These weights save 0 bytes in the generated C', where: { path },
    detail: 'Codes, codebooks and the bits that mark zeros would take as much as the weights, or the kernels that decode them more than they save.',
    fixes: [{ title: 'Fewer entries (--cluster 16) or more zeros (--sparsify 70%)' }, { title: 'Leave out whole channels instead, which saves flash and time: --prune flash=30%' }],
  }),
  pruneQuantized: (path: string): Problem => ({
    code: 'TINYML-PRUNE-QUANTIZED', severity: 'error', title: 'This model cannot be made smaller as it is quantized', where: { path },
    detail: 'Steps after quantization need layers on int8 or int16 codes with constant weights; this model has codes of another type.',
    fixes: [{ title: 'Choose the float model that it was made from; --prune and --quantize go together' }],
  }),
  pruneDataFree: (path: string): Problem => ({
    code: 'TINYML-PRUNE-DATA', severity: 'error', title: 'Leaving out channels needs samples', where: { path },
    detail: 'What is left is fitted to what the model computes on typical inputs; without them over 70 points of accuracy are usual to lose.',
    fixes: [{ title: 'Name a data set; labels are not needed' }],
  }),
  lossNeedsLabels: (): Problem => ({
    code: 'TINYML-PRUNE-LABELS', severity: 'error', title: 'Channels are ranked by the loss only where samples have labels',
    detail: 'The loss is the cross entropy of the right class; the data set does not say which that is.',
    fixes: [{ title: 'Name a data set with labels, or rank by reconstruction: --importance reconstruction' }],
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

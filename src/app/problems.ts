import { nearest } from '../base/nearest';
import type { Problem } from '../base/problem';
import { formatCount } from '../base/units';

/** Choices that are named although one of them is near to what was asked for. */
const SHORT_LIST = 12;

/** Everything that the use cases can find wrong besides the model itself. */
export const appProblems = {
  /** `near`: a file beside it whose name is nearly the same. */
  noFile: (path: string, why: string, near?: string): Problem => ({
    code: 'TINYML-FILE-MISSING', severity: 'error', title: `Cannot read ${path}`, detail: why, where: { path },
    fixes: [{ title: near === undefined ? 'Check the path and the permissions of the file' : `Did you mean ${near}?` }],
  }),
  noArray: (path: string, wanted: string | undefined, names: readonly string[]): Problem => ({
    code: 'TINYML-ARRAY', severity: 'error',
    title: wanted ? `There is no array ${wanted} with a model` : names.length ? `${names.length} arrays may hold the model` : 'There is no model in this C source',
    detail: names.length ? `Arrays of 64 bytes and more: ${names.join(', ')}.` : 'A model stands in C as an array of byte constants of 64 bytes or more, such as xxd -i writes.',
    where: { path: path.replace(/#[^#]*$/, '') },
    fixes: [{ title: names.length ? `Name one: ${path.replace(/#[^#]*$/, '')}#${names[0]}` : 'Open the model file that the array was made from' }],
  }),
  unknownFormat: (path: string): Problem => ({
    code: 'TINYML-FILE-FORMAT', severity: 'error', title: 'This is neither an ONNX nor a TFLite model', where: { path },
    detail: 'A model is recognised by its content: a TFLite file has "TFL3" at byte 4, an ONNX file is a protobuf message with a graph.',
    fixes: [{ title: 'Export the model as .onnx' }],
  }),
  tooLarge: (path: string, size: number): Problem => ({
    code: 'TINYML-FILE-LARGE', severity: 'error', title: `This file has ${formatCount(size)} bytes; an ONNX file has at most 2 GiB`, where: { path },
    detail: 'One protobuf message cannot be larger. Larger models keep their weights in data files beside them.',
    fixes: [{ title: 'Export the model with external data: onnx.save(model, path, save_as_external_data=True)' }],
  }),
  externalOutside: (path: string, tensor: string, location: string): Problem => ({
    code: 'TINYML-EXTERNAL-OUTSIDE', severity: 'error', title: `Tensor ${tensor} lies outside of the model's folder`, where: { path, layer: tensor },
    detail: `The model names ${JSON.stringify(location)}. Only files in its own folder are opened: a model must not read whatever else is on this computer.`,
    fixes: [{ title: 'Put the data file beside the model and export the model again with its plain name' }],
  }),
  externalMissing: (path: string, tensor: string, location: string, why: string): Problem => ({
    code: 'TINYML-EXTERNAL-MISSING', severity: 'error', title: `The data of tensor ${tensor} are missing`, detail: `${location}: ${why}`, where: { path, layer: tensor },
    fixes: [{ title: `Copy ${location} beside the model: large ONNX models consist of two files` }],
  }),
  externalTooShort: (path: string, tensor: string, location: string, wanted: number, size: number): Problem => ({
    code: 'TINYML-EXTERNAL-SHORT', severity: 'error', title: `The data file of tensor ${tensor} is cut off`, detail: `${location} has ${size} bytes, the tensor ends at ${wanted}.`,
    where: { path, layer: tensor }, fixes: [{ title: 'Download or export both files again' }],
  }),
  malformedModel: (path: string, wrong: readonly string[]): Problem => ({
    code: 'TINYML-MODEL-MALFORMED', severity: 'error', title: 'The graph of this model contradicts itself', detail: wrong.slice(0, 5).join('\n'), where: { path },
    fixes: [{ title: 'Export the model again and check it with onnx.checker' }],
  }),
  badProjectFile: (path: string, why: string): Problem => ({
    code: 'TINYML-PROJECT-FILE', severity: 'error', title: 'tinyml.json cannot be used', detail: why, where: { path },
    fixes: [{ title: 'Correct the file; the editor marks what its schema does not allow' }],
  }),
  badRecipe: (path: string, wrong: readonly string[]): Problem => ({
    code: 'TINYML-RECIPE', severity: 'error', title: 'The recipe cannot be followed', detail: `${wrong.slice(0, 8).join('\n')}${wrong.length > 8 ? '\n…' : ''}`, where: { path },
    fixes: [{ title: 'Correct the file; the editor marks what its schema does not allow' }],
  }),
  fineTuneReserved: (path: string): Problem => ({
    code: 'TINYML-RECIPE-FINE-TUNE', severity: 'error', title: 'This version does not train: the recipe has a step that fine-tunes', where: { path },
    detail: 'The name "fineTune" is kept for a later version. Nothing was done: without that step the result would be another model than the recipe describes.',
    fixes: [{ title: 'Remove the step, or fine-tune the float model in the tool that trained it' }],
  }),
  noData: (path: string, looked: readonly string[]): Problem => ({
    code: 'TINYML-NO-DATA', severity: 'error', title: 'No data set for this model', where: { path },
    detail: `Quantization needs typical inputs to measure the range of each layer. Looked for:\n${looked.join('\n')}`,
    fixes: [{ title: 'Choose a data set (.npz)', command: { id: 'tinyml.quantize', args: [path] } }, { title: 'Name it in tinyml.json under "models"' }],
  }),
  badData: (path: string, why: string): Problem => ({
    code: 'TINYML-DATA', severity: 'error', title: 'This data set cannot be used', detail: why, where: { path },
    fixes: [
      { title: 'Mend or leave out what is named above' },
      { title: 'Or save the samples with numpy.savez: x_calibration, x_test and y_test, float32, shaped like the model\'s input' },
    ],
  }),
  outExists: (path: string): Problem => ({
    code: 'TINYML-OUT-EXISTS', severity: 'error', title: `${path} exists already`, where: { path }, detail: 'Nothing has been changed.',
    fixes: [{ title: 'Choose another output, or allow replacing it (--replace)' }],
  }),
  notOurs: (path: string): Problem => ({
    code: 'TINYML-OUT-FOREIGN', severity: 'error', title: `${path} was not written by TinyML Workbench`, where: { path }, detail: 'Files of yours are never overwritten. Nothing has been changed.',
    fixes: [{ title: 'Choose another folder for the generated sources (--out)' }],
  }),
  cannotWrite: (path: string, why: string): Problem => ({
    code: 'TINYML-OUT-WRITE', severity: 'error', title: `Cannot write ${path}`, detail: why, where: { path },
    fixes: [{ title: 'Check the folder\'s permissions and the free space' }],
  }),
  unknownChoice: (what: string, value: string, choices: readonly string[]): Problem => {
    const near = nearest(value, choices);
    const code = { code: 'TINYML-CHOICE', severity: 'error', title: `There is no ${what} "${value}"` } as const;
    const detail = near === undefined || choices.length <= SHORT_LIST ? { detail: `Known: ${choices.join(', ')}.` } : {};
    return { ...code, ...detail, fixes: [{ title: near === undefined ? 'Choose one of those' : `Did you mean ${near}?` }] };
  },
  sectionName: (name: string): Problem => ({
    code: 'TINYML-SECTION', severity: 'error', title: `"${name}" cannot name a section`, detail: 'It may hold letters, digits, and _ . $, at most 64 of them.',
    fixes: [{ title: 'Give the name that the linker script has, such as --weights-section .qspi' }],
  }),
  runnerMissing: (why: string): Problem => ({
    code: 'TINYML-ORT-MISSING', severity: 'error', title: 'onnxruntime is not available on this computer', detail: why,
    fixes: [{ title: 'Install the extension\'s package for this platform; inspecting and generating C work without it' }],
  }),
  runnerFailed: (why: string): Problem => ({
    code: 'TINYML-ORT-FAILED', severity: 'error', title: 'onnxruntime cannot run this model', detail: why,
    fixes: [{ title: 'Check the model with onnx.checker, or open it in the inspector to see which layers are unusual' }],
  }),
  doesNotFit: (board: string, what: 'RAM' | 'flash', needed: number, available: number, part: string): Problem => ({
    code: `TINYML-FIT-${what.toUpperCase()}`, severity: 'error', title: `The model does not fit ${board}: ${what} is over by ${formatCount(needed - available)} B`,
    detail: `${part} alone needs ${formatCount(needed)} B (exact), the board has ${formatCount(available)} B. Nothing was built or flashed.`,
    fixes: [{ title: 'Quantize the model to int8', command: { id: 'tinyml.quantize' } }, { title: 'Choose a larger board', command: { id: 'tinyml.chooseBoard' } }],
  }),
  noSamples: (path: string): Problem => ({
    code: 'TINYML-NO-SAMPLES', severity: 'error', title: 'There are no test samples', where: { path },
    fixes: [{ title: 'Name a data set with test samples (--data, or "data" in tinyml.json)' }],
  }),
  attachNeedsPort: (board: string): Problem => ({
    code: 'TINYML-VERIFY-ATTACH', severity: 'error', title: `${board} cannot be taken as it is`, detail: 'Only a board on a serial port runs before it is flashed.',
    fixes: [{ title: 'Name the port (--port), or leave out --no-flash' }],
  }),
  noLayerReports: (board: string): Problem => ({
    code: 'TINYML-VERIFY-NO-TRACE', severity: 'warning', title: `${board} has no room for layer reports beside this model`,
    detail: 'Outputs and labels are compared; which layer differs first cannot be told.',
    fixes: [{ title: 'Verify on a larger board or the simulated one of the same core: it runs the same kernels' }],
  }),
  traceLost: (board: string, attempts: number): Problem => ({
    code: 'TINYML-VERIFY-LOST', severity: 'error', title: `${board} did not report all layers in ${attempts} runs`,
    detail: 'Frames were lost or damaged on the line each time.',
    fixes: [{ title: 'Check the cable and whatever else uses the port' }, { title: 'Verify on the simulated board of the same core' }],
  }),
  noTimeModel: (board: string): Problem => ({
    code: 'TINYML-NO-TIME-MODEL', severity: 'error', title: `Nothing is known of the speed of ${board}`, detail: 'A calibration scales modelled times, and this board has none.',
    fixes: [{ title: 'Choose another board', command: { id: 'tinyml.chooseBoard' } }],
  }),
  notMeasured: (board: string): Problem => ({
    code: 'TINYML-NOT-MEASURED', severity: 'error', title: `${board} gave no time`, detail: 'The benchmark ended before its first result.',
    fixes: [{ title: 'Try again; the output channel has what the board printed', command: { id: 'tinyml.showOutput' } }],
  }),
  badCalibration: (path: string, why: string): Problem => ({
    code: 'TINYML-CALIBRATION-FILE', severity: 'error', title: 'This calibration cannot be used', detail: why, where: { path },
    fixes: [{ title: 'Measure the board', shell: 'tinyml calibrate --board <id> --json > calibration.json' }],
  }),
  severalInputs: (path: string, inputs: number): Problem => ({
    code: 'TINYML-INPUTS', severity: 'error', title: `This model has ${inputs} inputs`, where: { path }, detail: 'Data sets and runs on a board feed models with one input.',
    fixes: [{ title: 'Export the model with one input' }],
  }),
};

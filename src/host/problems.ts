import type { Fix, Problem } from '../base/problem';

/** What can be wrong on the editor's side: everything else comes from engine and device. */

const manageTrust: Fix = { title: 'Manage workspace trust', command: { id: 'workbench.trust.manage' } };

export const untrustedWorkspace = (action: string): Problem => ({
  code: 'TINYML-UNTRUSTED',
  severity: 'warning',
  title: `"${action}" needs a trusted workspace`,
  detail: 'It writes files or runs compilers and firmware on what this folder holds. Looking at models works without trust.',
  fixes: [manageTrust],
});

export const notAModel = (path: string): Problem => ({
  code: 'TINYML-NOT-A-MODEL',
  severity: 'error',
  title: `${path} is not an .onnx or .tflite file`,
  fixes: [{ title: 'Open model…', command: { id: 'tinyml.openModel' } }],
});

export const noArrayHere = (file: string): Problem => ({
  code: 'TINYML-NO-ARRAY',
  severity: 'error',
  title: file ? `No model stands as an array in ${file}` : 'This source is not a file on this machine',
  detail: 'Looked for arrays of 64 byte constants or more, such as `const unsigned char g_model[] = { 0x1c, … };`.',
  fixes: [{ title: 'Open model…', command: { id: 'tinyml.openModel' } }],
});

export const notOnDisk = (uri: string): Problem => ({
  code: 'TINYML-NOT-ON-DISK',
  severity: 'error',
  title: 'This model is not a file on this machine',
  detail: `${uri}\nThe engine reads files from disk: a model inside a version, an archive or a virtual folder has to be saved first.`,
  fixes: [{ title: 'Open model…', command: { id: 'tinyml.openModel' } }],
});

export const noModelFound = (): Problem => ({
  code: 'TINYML-NO-MODEL',
  severity: 'info',
  title: 'No model in this workspace yet',
  detail: 'Looked for .onnx and .tflite files.',
  fixes: [{ title: 'Open model…', command: { id: 'tinyml.openModel' } }],
});

export const nothingOpen = (model: string): Problem => ({
  code: 'TINYML-NOTHING-OPEN',
  severity: 'info',
  title: `${model} leaves no size open`,
  detail: 'All extents of its inputs are in the file, or given in tinyml.json under "bind".',
  fixes: [{ title: 'Change "bind" in tinyml.json, where the model has an entry there' }],
});

export const unsavedProject = (file: string): Problem => ({
  code: 'TINYML-PROJECT-UNSAVED',
  severity: 'warning',
  title: 'tinyml.json has changes that are not saved',
  detail: 'Nothing has been written, so that none of them is lost.',
  where: { path: file },
  fixes: [{ title: 'Save tinyml.json and set the size again' }],
});

export const unknownBoard = (id: string): Problem => ({
  code: 'TINYML-BOARD-UNKNOWN',
  severity: 'warning',
  title: `No board is called "${id}"`,
  detail: 'The name comes from the setting tinyml.board.',
  fixes: [{ title: 'Choose board…', command: { id: 'tinyml.chooseBoard' } }],
});

export const noBoardRuns = (): Problem => ({
  code: 'TINYML-NO-RUN',
  severity: 'info',
  title: 'No board is running',
  detail: 'Text goes to the board whose predictions are shown.',
  fixes: [{ title: 'Flash and run…', command: { id: 'tinyml.flash' } }],
});

export const nothingWrong = (): Problem => ({
  code: 'TINYML-NOTHING-WRONG',
  severity: 'info',
  title: 'No sample was read wrong in this run',
  detail: 'Samples that are read wrong can join the calibration data.',
  fixes: [{ title: 'Run more samples', command: { id: 'tinyml.flash' } }],
});

export const noFloatSource = (model: string): Problem => ({
  code: 'TINYML-NO-FLOAT',
  severity: 'warning',
  title: `The float model of ${model} is not known`,
  detail: 'It is looked for by name: digits.int8.onnx was made from digits.onnx beside it.',
  fixes: [{ title: 'Quantize the float model with the new data set', command: { id: 'tinyml.quantize' } }],
});

export const nothingIsHeard = (): Problem => ({
  code: 'TINYML-NO-MONITOR',
  severity: 'info',
  title: 'No port is listened to',
  detail: 'Recordings are made of series that a board prints on its port.',
  fixes: [{ title: 'Listen to port…', command: { id: 'tinyml.monitor' } }],
});

export const noGitVersion = (name: string): Problem => ({
  code: 'TINYML-NO-GIT-VERSION',
  severity: 'info',
  title: `git has no committed version of ${name}`,
  detail: 'The file lies outside of a repository, was never committed, or VS Code\'s git support is switched off.',
  fixes: [{ title: 'Compare with a file…', command: { id: 'tinyml.compare' } }],
});

export const layerNotFound = (where: 'generated C' | 'Python', model: string, index: number): Problem => ({
  code: 'TINYML-LAYER-PLACE',
  severity: 'info',
  title: `No line of ${where} belongs to layer ${index}`,
  detail: where === 'Python' ? 'Sources are matched by the names of layers, then by type and shape in order. Name the file as "source" of the model in tinyml.json.' : 'No source in this workspace was generated from the model as it is now.',
  fixes: where === 'Python' ? [{ title: 'Open the model', command: { id: 'tinyml.openModel', args: [model] } }] : [{ title: 'Generate C Sources', command: { id: 'tinyml.generateC', args: [model] } }],
});

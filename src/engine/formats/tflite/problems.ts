import type { Problem, ProblemPlace } from '../../../base/problem';
import { damageTitle, sentence } from '../damage';

/** Everything that can be wrong with a TFLite file, in words. */

const fixExport = { title: 'Convert the model again and check it with the TFLite interpreter' } as const;

export const tfliteProblems = {
  truncated: (path: string, offset: number, size: number, why: string): Problem => ({
    code: 'TINYML-TFLITE-TRUNCATED', severity: 'error', title: damageTitle(offset, size), detail: sentence(why), where: { path },
    fixes: [{ title: 'Download or convert the file again; an interrupted copy ends like this' }],
  }),
  notTflite: (path: string, why: string): Problem => ({
    code: 'TINYML-TFLITE-FORMAT', severity: 'error', title: 'This is not a TFLite file', detail: why, where: { path },
    fixes: [{ title: 'Open it as text to see what it is', command: { id: 'vscode.openWith', args: ['default'] } }, fixExport],
  }),
  version: (path: string, version: number): Problem => ({
    code: 'TINYML-TFLITE-VERSION', severity: 'warning', title: `This file has schema version ${version}; 3 is understood`, where: { path }, fixes: [fixExport],
  }),
  badTensor: (name: string, why: string): Problem => ({
    code: 'TINYML-TFLITE-TENSOR', severity: 'error', title: `Tensor ${name} ${why}`, where: { layer: name }, fixes: [fixExport],
  }),
  badGraph: (why: string, where?: ProblemPlace): Problem => ({
    code: 'TINYML-TFLITE-GRAPH', severity: 'error', title: 'The graph of this model is malformed', detail: why, where, fixes: [fixExport],
  }),
  variable: (name: string, why: string): Problem => ({
    code: 'TINYML-TFLITE-VARIABLE', severity: 'warning', title: `Variable ${name} starts empty`, detail: why, where: { layer: name }, fixes: [fixExport],
  }),
};

import type { Problem, ProblemPlace } from '../../../base/problem';
import { damageTitle, sentence } from '../damage';

/** Everything that can be wrong with an ONNX file, in words. */

const fixExport = { title: 'Export the model again and check it with onnx.checker' } as const;

export const onnxProblems = {
  empty: (path: string): Problem => ({
    code: 'TINYML-FILE-EMPTY', severity: 'error', title: 'This file is empty', where: { path },
    detail: 'It has 0 bytes. An interrupted download or export leaves such files behind.',
    fixes: [{ title: 'Export or download the model again' }],
  }),
  pointer: (path: string): Problem => ({
    code: 'TINYML-FILE-LFS', severity: 'error', title: 'This file is a Git LFS pointer, not the model', where: { path },
    detail: 'Git LFS keeps large files apart; this one has not been fetched.',
    fixes: [{ title: 'Copy the command git lfs pull', shell: 'git lfs pull' }],
  }),
  notOnnx: (path: string, why: string): Problem => ({
    code: 'TINYML-ONNX-FORMAT', severity: 'error', title: 'This is not an ONNX file', detail: why, where: { path },
    fixes: [{ title: 'Open it as text to see what it is', command: { id: 'vscode.openWith', args: ['default'] } }, fixExport],
  }),
  truncated: (path: string, offset: number, size: number, why: string): Problem => ({
    code: 'TINYML-ONNX-TRUNCATED', severity: 'error', title: damageTitle(offset, size), detail: sentence(why), where: { path },
    fixes: [{ title: 'Download or export the file again; an interrupted copy ends like this' }],
  }),
  badTensor: (name: string, why: string): Problem => ({
    code: 'TINYML-ONNX-TENSOR', severity: 'error', title: `Tensor ${name} ${why}`, where: { layer: name }, fixes: [fixExport],
  }),
  badGraph: (why: string, where?: ProblemPlace): Problem => ({
    code: 'TINYML-ONNX-GRAPH', severity: 'error', title: 'The graph of this model is malformed', detail: why, where, fixes: [fixExport],
  }),
  boundDimension: (input: string, bound: readonly string[]): Problem => ({
    code: 'TINYML-ONNX-BOUND', severity: 'info', title: `Input ${input} has an open batch size: taken as ${bound.join(', ')}`, where: { layer: input },
    fixes: [{ title: 'Set another extent: "bind": { "batch": 4 } in the model\'s entry of tinyml.json, or --bind batch=4' }],
  }),
  openDimension: (input: string, dimensions: readonly string[]): Problem => ({
    code: 'TINYML-ONNX-OPEN', severity: 'warning', title: `Input ${input} has no fixed size: ${dimensions.join(', ')}`, where: { layer: input },
    detail: 'Memory, time and code depend on it, so nothing behind it can be counted.',
    fixes: [{ title: 'Set the size…', command: { id: 'tinyml.setExtents' } }, { title: `Say how large it is: "bind": { "${dimensions[0]}": 16 } in the model's entry of tinyml.json, or --bind ${dimensions[0]}=16` }],
  }),
  unsupportedInput: (input: string): Problem => ({
    code: 'TINYML-ONNX-INPUT', severity: 'warning', title: `Input ${input} has a type without arithmetic here`, where: { layer: input },
    detail: 'Sequences, optionals, complex numbers and 8-bit floats are shown, not computed.',
    fixes: [{ title: 'Export the model with plain tensors' }],
  }),
};

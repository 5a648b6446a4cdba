import type { Problem } from '../../base/problem';

export const codegenProblems = {
  noKernel: (layer: string, op: string, why: string, isa: string): Problem => ({
    code: 'TINYML-CODEGEN-OP', severity: 'error', title: `No C for layer ${layer} (${op})`, detail: `${why} Instruction set: ${isa}.`, where: { layer },
    fixes: [{ title: 'Replace the layer by supported ones and export the model again' }],
  }),
  dynamicPort: (name: string): Problem => ({
    code: 'TINYML-CODEGEN-SHAPE', severity: 'error', title: `${name} has no fixed shape`,
    detail: 'Generated C needs every extent at compile time: its arena has a fixed size.',
    fixes: [
      { title: 'Say how large its inputs are: "bind": { "length": 16 } in the model\'s entry of tinyml.json, or --bind length=16, with the names that inspecting it shows' },
      { title: 'Export the model with fixed input shapes, batch size 1' },
    ],
  }),
  constantOutput: (name: string): Problem => ({
    code: 'TINYML-CODEGEN-CONSTANT', severity: 'error', title: `Output ${name} does not depend on any input`,
    fixes: [{ title: 'Check the exported model: its output was folded to a constant' }],
  }),
  overBudget: (arenaBytes: number, budgetBytes: number, inputBytes: number): Problem => ({
    code: 'TINYML-CODEGEN-BUDGET', severity: 'error', title: `The arena takes ${arenaBytes} bytes, the budget is ${budgetBytes}`,
    detail: `That is the smallest arena that was found, strips of rows tried. The inputs alone take ${inputBytes} bytes of it.`,
    fixes: [{ title: `Set the budget to ${arenaBytes} bytes or more, or choose a board with more RAM` }, { title: 'Shrink the model\'s input, or quantize the model' }],
  }),
  noInputRows: (model: string): Problem => ({
    code: 'TINYML-CODEGEN-INPUT-ROWS', severity: 'error', title: `${model} cannot take its input by rows`,
    detail: 'Its first layers must be convolutions, pools or element by element, at least two of them, on one image input that nothing else reads.',
    fixes: [{ title: 'Generate without input by rows: the whole input then lies in the arena' }],
  }),
};

/** The model can be generated, but not within the RAM that was asked for: the costs are still worth showing. */
export const isOverBudget = (problem: Problem): boolean => problem.code === 'TINYML-CODEGEN-BUDGET';

import fs from 'node:fs/promises';
import path from 'node:path';
import { throwIfCancelled } from '../base/cancel';
import { ProblemError } from '../base/problem';
import type { Task } from '../base/progress';
import { emitModel, GENERATED_MARK, type EmittedModel } from '../engine/codegen/emit';
import { planProgram, type Program } from '../engine/codegen/program';
import { portReports } from '../engine/cost/analyze';
import type { GenerateReport, GenerateRequest } from './engine-contract';
import { isaOf, labelsOf, reportOf } from './inspect-model';
import { layerFacts } from './layer-facts';
import { openModel, type OpenModel } from './model-file';
import { appProblems } from './problems';
import { exists, writeFiles } from './write-files';

const layouts = ['plain'] as const;

/** Writes C99 sources of a model into a folder: all of them or none. */
export async function generateCode(request: GenerateRequest, task: Task): Promise<GenerateReport> {
  if (request.layout !== undefined && !layouts.includes(request.layout as 'plain')) throw new ProblemError(appProblems.unknownChoice('layout', request.layout, layouts));
  const open = await openModel(request.path, task, request);
  throwIfCancelled(task.signal);
  task.progress({ stage: 'Generating C' });
  const program = programOf(open, request.isa);
  const emitted = emitModel(program, request.name ?? stemOf(request.path));
  const directory = request.out ?? path.join(path.dirname(request.path), `${stemOf(request.path)}-c`);
  await checkReplaceable(directory, emitted, request.replace ?? false);
  throwIfCancelled(task.signal);
  await writeFiles(emitted.files.map((file) => ({ path: path.join(directory, file.path), content: file.text })), () => throwIfCancelled(task.signal));
  const labels = await labelsOf(open);
  return {
    schema: 'tinyml-codegen/1',
    name: emitted.name,
    directory,
    files: emitted.files.map((file) => ({ path: file.path, bytes: Buffer.byteLength(file.text) })),
    arenaBytes: program.arenaBytes,
    weightBytes: reportOf(open, program, labels).totals.weightBytes,
    modelHash: emitted.modelHash,
    inputs: portReports(program.model.graph, program.model.graph.inputs),
    outputs: portReports(program.model.graph, program.model.graph.outputs),
    labels,
    layers: program.steps.map(layerFacts),
    constants: emitted.constants,
    problems: open.problems,
  };
}

/** The program of a model that can be generated; every reason why not is in the thrown problem's `others`. */
export function programOf(open: OpenModel, isa: string | undefined): Program {
  const program = planProgram(open.lowered, isaOf(isa));
  if (program.refusals.length) throw new ProblemError(program.refusals[0], program.refusals.slice(1));
  return program;
}

export const stemOf = (file: string): string => path.basename(file, path.extname(file));

async function checkReplaceable(directory: string, emitted: EmittedModel, replace: boolean): Promise<void> {
  for (const file of emitted.files) {
    const target = path.join(directory, file.path);
    if (!(await exists(target))) continue;
    const text = await fs.readFile(target, 'utf8');
    if (!text.slice(0, 200).includes(GENERATED_MARK)) throw new ProblemError(appProblems.notOurs(target));
    if (!replace && text !== file.text) throw new ProblemError(appProblems.outExists(target));
  }
}

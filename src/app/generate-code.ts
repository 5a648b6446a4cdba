import fs from 'node:fs/promises';
import path from 'node:path';
import { throwIfCancelled } from '../base/cancel';
import { ProblemError } from '../base/problem';
import { quietTask, type Task } from '../base/progress';
import { goals, type Goal } from '../engine/codegen/choose-kernels';
import { emitModel, type SourceFile } from '../engine/codegen/emit';
import { GENERATED_MARK } from '../engine/codegen/generated-mark';
import { backends, type Backend } from '../engine/codegen/kernel';
import type { Layout } from '../engine/codegen/layouts/layout';
import { layouts, packageSources } from '../engine/codegen/layouts/package-sources';
import type { MemoryChoice } from '../engine/codegen/choose-strips';
import type { PlanOptions, Program } from '../engine/codegen/program';
import { portReports } from '../engine/cost/analyze';
import type { GenerateReport, GenerateRequest } from './engine-contract';
import { isaOf, labelsOf, memoryOf, reportOf } from './inspect-model';
import { layerFacts } from './layer-facts';
import { openModel, type OpenModel } from './model-file';
import { planProgramWithin } from './plan-program';
import { appProblems } from './problems';
import { exists, writeFiles } from './write-files';

/** Writes C99 sources of a model into a folder: all of them or none. */
export async function generateCode(request: GenerateRequest, task: Task): Promise<GenerateReport> {
  const chosen = layoutsOf(request.layout);
  const open = await openModel(request.path, task, request);
  throwIfCancelled(task.signal);
  task.progress({ stage: 'Generating C' });
  const program = await programOf(open, request.isa, task, { goal: goalOf(request.optimize), backend: backendOf(request.backend) }, memoryOf(open, request));
  const emitted = emitModel(program, request.name ?? stemOf(request.path), { weightsSection: sectionOf(request.weightsSection) });
  const files = chosen.length ? packageSources(program, emitted, chosen) : emitted.files;
  const directory = request.out ?? path.join(path.dirname(request.path), `${stemOf(request.path)}-c`);
  await checkReplaceable(directory, files, request.replace ?? false);
  throwIfCancelled(task.signal);
  await writeFiles(files.map((file) => ({ path: path.join(directory, file.path), content: file.text })), () => throwIfCancelled(task.signal));
  const labels = await labelsOf(open);
  const { totals, arena } = reportOf(open, program, labels);
  return {
    schema: 'tinyml-codegen/1',
    name: emitted.name,
    directory,
    files: files.map((file) => ({ path: file.path, bytes: Buffer.byteLength(file.text) })),
    arenaBytes: program.arenaBytes,
    ...(arena.strips ? { strips: arena.strips } : {}),
    weightBytes: totals.weightBytes,
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
export async function programOf(open: OpenModel, isa: string | undefined, task: Task = quietTask, options: PlanOptions = {}, memory?: MemoryChoice): Promise<Program> {
  const program = await planProgramWithin(open.lowered, isaOf(isa), memory, task.signal, options);
  if (program.refusals.length) throw new ProblemError(program.refusals[0], program.refusals.slice(1));
  return program;
}

function goalOf(name: string | undefined): Goal | undefined {
  if (name === undefined || goals.includes(name as Goal)) return name as Goal | undefined;
  throw new ProblemError(appProblems.unknownChoice('goal', name, goals));
}

function backendOf(name: string | undefined): Backend | undefined {
  if (name === undefined || backends.includes(name as Backend)) return name as Backend | undefined;
  throw new ProblemError(appProblems.unknownChoice('backend', name, backends));
}

/** It becomes part of the sources: only what linkers take as a plain name. */
function sectionOf(name: string | undefined): string | undefined {
  if (name === undefined || /^[\w.$]{1,64}$/.test(name)) return name;
  throw new ProblemError(appProblems.sectionName(name));
}

/** Names of layouts, separated by commas; `all` for every one. Nothing: the sources alone. */
function layoutsOf(names: string | undefined): readonly Layout[] {
  if (names === undefined) return [];
  if (names === ALL) return layouts;
  return names.split(',').map((name) => layouts.find((layout) => layout.id === name.trim()) ?? unknownLayout(name));
}

const ALL = 'all';

function unknownLayout(name: string): never {
  throw new ProblemError(appProblems.unknownChoice('layout', name, [...layouts.map((layout) => layout.id), ALL]));
}

export const stemOf = (file: string): string => path.basename(file, path.extname(file));

async function checkReplaceable(directory: string, files: readonly SourceFile[], replace: boolean): Promise<void> {
  for (const file of files) {
    const target = path.join(directory, file.path);
    if (!(await exists(target))) continue;
    const text = await fs.readFile(target, 'utf8');
    if (!text.slice(0, 400).includes(GENERATED_MARK)) throw new ProblemError(appProblems.notOurs(target));
    if (!replace && text !== file.text) throw new ProblemError(appProblems.outExists(target));
  }
}

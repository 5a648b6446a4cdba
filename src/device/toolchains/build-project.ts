import fs from 'node:fs/promises';
import path from 'node:path';
import { ProblemError, type Problem } from '../../base/problem';
import type { Task } from '../../base/progress';
import type { FirmwareFile } from '../firmware/project';
import type { BuiltFirmware, CompileRequest } from './compile';
import { parseElf, sizeProblems } from './compile';
import { problemsOfCompiler } from './compiler-messages';
import { elfSizes } from './elf';
import { mergeEspImage } from './merge-esp-image';
import type { FoundTool } from './find-tools';
import * as problems from './problems';
import { builderAmong } from './project-builders';
import { runTool, type ToolRun } from './run-tool';
import { writeSources } from './write-sources';

/** Builds by the first build system that was found; all of them keep their own objects between builds. */
export async function buildProject(request: CompileRequest, task: Task): Promise<BuiltFirmware> {
  const { board, project, tools, buildFolder } = request;
  const chosen = builderAmong(board.project, tools.byId);
  if (!chosen || !board.project) throw new Error(`compile() was called without a tool that builds for ${board.name}`);
  const { id, builder } = chosen;
  const tool = tools.byId.get(id)!;
  const folder = path.join(buildFolder, id);
  const files = [...project.files, ...request.files].map((file) => ({ path: path.posix.join(builder.sourceFolder, builder.nameOf(file.path)), text: file.text }));
  const sources = files.map((file) => path.posix.relative(builder.sourceFolder, file.path));
  const extra = builder.extraFiles(board.project, sources, project.arduinoLibraries ?? []);
  await removeOthers(path.join(folder, builder.sourceFolder), [...files, ...extra], builder.sourceFolder);
  await writeSources(folder, [...files, ...extra]);
  task.progress({ stage: `Building with ${tool.id}` });
  const run = await runTool(tool.path, builder.args(board.project, folder), { cwd: folder, variables: tools.environment.variables, signal: task.signal });
  const found = atSources(problemsOfCompiler(run, board.name), files, folder);
  if (run.exitCode !== 0) throw failure(run, found, request, id);
  if (id === 'idf.py') await mergeEspImage(path.join(folder, builder.outputFolder), `${builder.output}.merged.bin`);
  return outputOf(path.join(folder, builder.outputFolder), builder.output, folder, tool, request, found);
}

/** Sources of an earlier model would be built into this one: these systems compile whatever lies in the folder. */
async function removeOthers(folder: string, files: readonly FirmwareFile[], sourceFolder: string): Promise<void> {
  const wanted = new Set(files.map((file) => path.posix.relative(sourceFolder, file.path)));
  const present = await fs.readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of present) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile() && !wanted.has(path.relative(folder, file).split(path.sep).join('/'))) await fs.rm(file);
  }
}

/** These systems compile copies: messages are brought back to the file of that name. */
function atSources(found: readonly Problem[], files: readonly FirmwareFile[], folder: string): Problem[] {
  const byName = new Map(files.map((file) => [path.basename(file.path), path.join(folder, file.path)]));
  return found.map((p) => (p.where?.path ? { ...p, where: { ...p.where, path: byName.get(path.basename(p.where.path)) ?? p.where.path } } : p));
}

function failure(run: ToolRun, found: readonly Problem[], { board, project }: CompileRequest, id: string): ProblemError {
  const fqbn = board.project?.fqbn;
  const output = run.stderr + run.stdout;
  const noPackage = id === 'arduino-cli' && fqbn && /platform not installed|unknown fqbn|platform .* (is )?not (found|installed)/i.test(output);
  const [, header] = /(\S+\.h): No such file or directory/.exec(output) ?? [];
  const library = project.arduinoLibraries?.length && header !== undefined ? project.arduinoLibraries[0] : undefined;
  const errors = found.filter((p) => p.severity === 'error');
  const first = noPackage ? problems.packageMissing(fqbn, run) : library !== undefined ? problems.libraryMissing(board.name, library, header) : (errors[0] ?? problems.buildFailed(`Building with ${id}`, run));
  return new ProblemError(first, found.filter((p) => p !== first));
}

async function outputOf(folder: string, output: string, project: string, tool: FoundTool, request: CompileRequest, found: readonly Problem[]): Promise<BuiltFirmware> {
  const names = (await fs.readdir(folder).catch(() => [])).sort();
  /** The merged image of Espressif's packages holds bootloader, partitions and application. */
  const bin = names.find((name) => name.endsWith('.merged.bin')) ?? names.find((name) => name === `${output}.bin`);
  const named = (ending: string): string | undefined => {
    const name = ending === '.bin' ? bin : names.find((n) => n === `${output}${ending}`);
    return name && path.join(folder, name);
  };
  const elf = named('.elf');
  const [hex, uf2, image] = ['.hex', '.uf2', '.bin'].map(named);
  if (!elf && !hex && !uf2 && !image) throw new ProblemError(problems.noImageBuilt(tool.id, folder));
  const sizes = elf ? elfSizes(parseElf(elf, await fs.readFile(elf))) : undefined;
  const all = [...found, ...(sizes ? sizeProblems(request.board, sizes) : [])];
  const fatal = all.find((p) => p.severity === 'error');
  if (fatal) throw new ProblemError(fatal, all.filter((p) => p !== fatal));
  return { elf: elf ?? '', hex, uf2, bin: image, project, sizes, compiler: { path: tool.path, version: tool.version, flags: [] }, problems: all, compiled: [] };
}

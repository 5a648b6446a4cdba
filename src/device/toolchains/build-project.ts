import fs from 'node:fs/promises';
import path from 'node:path';
import { ProblemError, type Problem } from '../../base/problem';
import type { Task } from '../../base/progress';
import type { ProjectNames } from '../boards/board';
import type { FirmwareFile } from '../firmware/project';
import type { BuiltFirmware, CompileRequest } from './compile';
import { parseElf, sizeProblems } from './compile';
import { problemsOfCompiler } from './compiler-messages';
import { elfSizes } from './elf';
import type { FoundTool } from './find-tools';
import * as problems from './problems';
import { runTool, type ToolRun } from './run-tool';
import { writeSources } from './write-sources';

/** One way of building a project: its files around the sources, the command, and where images come out. Paths relative to the folder. */
interface Builder {
  readonly sourceFolder: string;
  /** The sketch's file goes by another name. */
  readonly sketchName: string;
  readonly extraFiles: (names: ProjectNames) => readonly FirmwareFile[];
  readonly args: (names: ProjectNames, folder: string) => readonly string[];
  readonly outputFolder: string;
}

const SKETCH = 'firmware.cpp';
/** Environment of platformio.ini. */
const ENVIRONMENT = 'board';

/** Sources: arduino-cli compile --help (1.x); docs.platformio.org, "platformio.ini" and "pio run". */
const builders = {
  'arduino-cli': {
    sourceFolder: 'firmware',
    sketchName: 'firmware.ino', // a sketch is a folder with a file of its name
    extraFiles: () => [],
    args: ({ fqbn }, folder) => ['compile', '--fqbn', fqbn!, '--build-path', path.join(folder, 'build'), '--output-dir', path.join(folder, 'out'), '--warnings', 'all', '--no-color', path.join(folder, 'firmware')],
    outputFolder: 'out',
  },
  platformio: {
    sourceFolder: 'src',
    sketchName: SKETCH,
    extraFiles: ({ platformio }) => [
      {
        path: 'platformio.ini',
        text: `; Generated: changes are lost.\n[env:${ENVIRONMENT}]\nplatform = ${platformio!.platform}\nboard = ${platformio!.board}\nframework = arduino\nmonitor_speed = 115200\n`,
      },
    ],
    args: (_, folder) => ['run', '--project-dir', folder, '--environment', ENVIRONMENT],
    outputFolder: path.join('.pio', 'build', ENVIRONMENT),
  },
} as const satisfies Record<string, Builder>;

/** Builds by arduino-cli or PlatformIO, whichever was found; both keep their own objects between builds. */
export async function buildProject(request: CompileRequest, task: Task): Promise<BuiltFirmware> {
  const { board, project, tools, buildFolder } = request;
  const id = (Object.keys(builders) as Array<keyof typeof builders>).find((name) => tools.byId.has(name));
  const tool = id && tools.byId.get(id);
  if (!id || !tool || !board.project) throw new Error(`compile() was called without a tool that builds for ${board.name}`);
  const builder: Builder = builders[id];
  const folder = path.join(buildFolder, id);
  const files = [...project.files, ...request.files].map((file) => ({ path: path.posix.join(builder.sourceFolder, file.path === SKETCH ? builder.sketchName : file.path), text: file.text }));
  await removeOthers(path.join(folder, builder.sourceFolder), files, builder.sourceFolder);
  await writeSources(folder, [...files, ...builder.extraFiles(board.project)]);
  task.progress({ stage: `Building with ${tools.byId.get(id)!.id}` });
  const run = await runTool(tool.path, builder.args(board.project, folder), { cwd: folder, variables: tools.environment.variables, signal: task.signal });
  const found = atSources(problemsOfCompiler(run, board.name), files, folder);
  if (run.exitCode !== 0) throw failure(run, found, board.project.fqbn, id);
  return outputOf(path.join(folder, builder.outputFolder), folder, tool, request, found);
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

function failure(run: ToolRun, found: readonly Problem[], fqbn: string | undefined, id: string): ProblemError {
  const noPackage = id === 'arduino-cli' && fqbn && /platform not installed|unknown fqbn|platform .* (is )?not (found|installed)/i.test(run.stderr + run.stdout);
  const errors = found.filter((p) => p.severity === 'error');
  const first = noPackage ? problems.packageMissing(fqbn, run) : (errors[0] ?? problems.buildFailed(`Building with ${id}`, run));
  return new ProblemError(first, found.filter((p) => p !== first));
}

async function outputOf(folder: string, project: string, tool: FoundTool, request: CompileRequest, found: readonly Problem[]): Promise<BuiltFirmware> {
  const names = (await fs.readdir(folder).catch(() => [])).sort();
  /** The merged image of Espressif's packages holds bootloader, partitions and application. */
  const bin = names.find((name) => name.endsWith('.merged.bin')) ?? names.find((name) => /^firmware(\.ino)?\.bin$/.test(name));
  const named = (ending: string): string | undefined => {
    const name = ending === '.bin' ? bin : (names.find((n) => n === `firmware.ino${ending}`) ?? names.find((n) => n === `firmware${ending}`));
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

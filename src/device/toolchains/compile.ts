import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { throwIfCancelled } from '../../base/cancel';
import { ProblemError, type Problem } from '../../base/problem';
import type { Task } from '../../base/progress';
import type { Board } from '../boards/board';
import type { FirmwareFile, FirmwareProject } from '../firmware/project';
import { writeIntelHex } from '../uploaders/intel-hex';
import { problemsOfCompiler } from './compiler-messages';
import { elfSizes, readElf, type Elf, type FirmwareSizes } from './elf';
import type { FoundTools, FoundTool } from './find-tools';
import * as problems from './problems';
import { runTool, type ToolRun } from './run-tool';
import { toolchains, type Toolchain } from './toolchains';
import { writeIfChanged, writeSources } from './write-sources';

export interface CompileRequest {
  readonly board: Board;
  /** From `findTools` for this board. */
  readonly tools: FoundTools;
  /** From `firmwareProject`. */
  readonly project: FirmwareProject;
  /** The generated model and whatever else belongs to the firmware. */
  readonly files: readonly FirmwareFile[];
  /** Absolute; made when it does not exist. Keeps objects between builds. One build at a time. */
  readonly buildFolder: string;
  /** More compiler flags, such as sanitizers in a test. Given when compiling and when linking. */
  readonly extraFlags?: readonly string[];
}

export interface BuiltFirmware {
  /** Absolute path of the linked program. */
  readonly elf: string;
  /** Absolute path of the Intel HEX image, for boards whose uploader takes one. */
  readonly hex?: string;
  /** Measured: read from the ELF. Absent for this computer where its programs are not ELF files (macOS, Windows). */
  readonly sizes?: FirmwareSizes;
  readonly compiler: { readonly path: string; readonly version: string; readonly flags: readonly string[] };
  /** Warnings. */
  readonly problems: readonly Problem[];
  /** Source files that were really compiled: none when nothing had changed. */
  readonly compiled: readonly string[];
}

/** Compilers running at once. */
const PARALLEL = 2;
/** Less RAM than this beside data and bss is worth a warning: the firmware's own deepest calls take 175 bytes of it (gcc -fstack-usage). */
const STACK_BYTES = 256;

type Run = (args: readonly string[]) => Promise<ToolRun>;

interface ObjectJob {
  readonly source: FirmwareFile;
  readonly object: string;
}

/** Throws a ProblemError carrying every error of the compiler; cancel ends the compilers and leaves the last good build alone. */
export async function compile(request: CompileRequest, task: Task): Promise<BuiltFirmware> {
  const { board, buildFolder } = request;
  const toolchain: Toolchain = toolchains[board.toolchain];
  const compiler = request.tools.byId.get(toolchain.compiler);
  if (!compiler) throw new Error(`compile() was called without ${toolchain.compiler}`);
  const flags = [...request.project.compileFlags, ...(request.extraFlags ?? [])];
  const files = [...request.project.files, ...request.files];
  await writeSources(buildFolder, files);
  const run: Run = (args) =>
    runTool(compiler.path, args, { cwd: buildFolder, variables: request.tools.environment.variables, signal: task.signal });

  const jobs = objectJobs(files, compiler, flags);
  const compiled = await compileObjects(jobs, flags, run, request, task);
  task.progress({ stage: 'Linking' });
  const ending = toolchain.native ? (request.tools.environment.platform === 'win32' ? '.exe' : '') : '.elf';
  const elf = path.join(buildFolder, `firmware${ending}`);
  await link(jobs, elf, run, request);
  await removeStaleObjects(buildFolder, jobs);

  const content = await fs.readFile(elf);
  const parsed = toolchain.native && content[0] !== 0x7f ? undefined : parseElf(elf, content);
  const sizes = parsed && elfSizes(parsed);
  const hex = parsed && toolchain.images.includes('hex') ? await writeHex(path.join(buildFolder, 'firmware.hex'), parsed) : undefined;
  const found = [...(await recordedWarnings(buildFolder, jobs, board)), ...(sizes ? sizeProblems(board, sizes) : [])];
  const fatal = found.filter((p) => p.severity === 'error');
  if (fatal.length) throw new ProblemError(fatal[0], found.filter((p) => p !== fatal[0]));
  return { elf, hex, sizes, compiler: { path: compiler.path, version: compiler.version, flags }, problems: found, compiled };
}

const digest = (parts: readonly string[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24);

/** An object's name holds the hash of all it is made of: compiler, flags, its source and every header. */
function objectJobs(files: readonly FirmwareFile[], compiler: FoundTool, flags: readonly string[]): ObjectJob[] {
  const headers = files.filter((f) => f.path.endsWith('.h')).flatMap((f) => [f.path, f.text]);
  const common = digest([compiler.path, compiler.version, ...flags, ...headers]);
  return files
    .filter((f) => /\.(c|S)$/.test(f.path))
    .map((source) => ({ source, object: `objects/${source.path.replace(/[^\w.-]/g, '_')}.${digest([common, source.path, source.text])}.o` }));
}

async function compileObjects(
  jobs: readonly ObjectJob[],
  flags: readonly string[],
  run: Run,
  request: CompileRequest,
  task: Task,
): Promise<string[]> {
  const { buildFolder, board } = request;
  await fs.mkdir(path.join(buildFolder, 'objects'), { recursive: true });
  const wanted: ObjectJob[] = [];
  for (const job of jobs) if (!(await exists(path.join(buildFolder, job.object)))) wanted.push(job);
  const queue = [...wanted];
  const found: Problem[] = [];
  let done = 0;
  const work = async (): Promise<void> => {
    for (let job = queue.shift(); job; job = queue.shift()) {
      throwIfCancelled(task.signal);
      task.progress({ stage: `Compiling ${job.source.path}`, done, total: wanted.length });
      const target = path.join(buildFolder, job.object);
      const result = await run([...flags, '-I.', '-c', job.source.path, '-o', `${job.object}.new`]);
      if (result.exitCode !== 0) {
        await fs.rm(`${target}.new`, { force: true });
        const parsed = atAbsolutePaths(problemsOfCompiler(result, board.name), buildFolder);
        found.push(...(parsed.some((p) => p.severity === 'error') ? parsed : [problems.buildFailed(`Compiling ${job.source.path}`, result)]));
      } else {
        await fs.writeFile(`${target}.log`, result.stderr);
        await fs.rename(`${target}.new`, target);
      }
      done++;
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: PARALLEL }, work));
  for (const worker of workers) if (worker.status === 'rejected') throw worker.reason;
  throwErrors(found);
  return wanted.map((job) => job.source.path);
}

async function link(jobs: readonly ObjectJob[], elf: string, run: Run, request: CompileRequest): Promise<void> {
  const { board, buildFolder, project } = request;
  const scripts = project.files.filter((f) => f.path.endsWith('.ld')).map((f) => f.text);
  const flags = [...project.linkFlags, ...(request.extraFlags ?? [])];
  const key = digest([...jobs.map((j) => j.object), ...flags, ...project.libraries, ...scripts]);
  const keyFile = path.join(buildFolder, 'firmware.key');
  if ((await exists(elf)) && (await fs.readFile(keyFile, 'utf8').catch(() => '')) === key) return;
  const output = `${path.basename(elf)}.new`;
  const result = await run([...flags, ...jobs.map((j) => j.object), ...project.libraries, '-o', output]);
  if (result.exitCode !== 0) {
    await fs.rm(path.join(buildFolder, output), { force: true });
    const parsed = atAbsolutePaths(problemsOfCompiler(result, board.name), buildFolder);
    throwErrors(parsed.some((p) => p.severity === 'error') ? parsed : [problems.buildFailed('Linking the firmware', result)]);
  }
  await fs.rename(path.join(buildFolder, output), elf);
  await fs.writeFile(keyFile, key);
}

function throwErrors(found: readonly Problem[]): void {
  const first = found.find((p) => p.severity === 'error');
  if (first) throw new ProblemError(first, found.filter((p) => p !== first));
}

/** Warnings of this build's objects, also of those that were compiled earlier. */
async function recordedWarnings(buildFolder: string, jobs: readonly ObjectJob[], board: Board): Promise<Problem[]> {
  const found: Problem[] = [];
  for (const job of jobs) {
    const stderr = await fs.readFile(path.join(buildFolder, `${job.object}.log`), 'utf8').catch(() => '');
    found.push(...problemsOfCompiler({ program: '', args: [], exitCode: 0, stdout: '', stderr }, board.name));
  }
  return atAbsolutePaths(found, buildFolder);
}

const atAbsolutePaths = (found: readonly Problem[], folder: string): Problem[] =>
  found.map((p) => (p.where?.path ? { ...p, where: { ...p.where, path: path.resolve(folder, p.where.path) } } : p));

/** The linker knows a chip's whole flash, not the part that a bootloader leaves, and on AVR no limit of RAM. */
function sizeProblems(board: Board, sizes: FirmwareSizes): Problem[] {
  const found: Problem[] = [];
  const flashLeft = board.flashBytes ? board.flashBytes.value - sizes.flashBytes : 0;
  const ramLeft = board.ramBytes ? board.ramBytes.value - sizes.ramBytes : STACK_BYTES;
  if (flashLeft < 0) found.push(problems.imageTooLarge(board.name, 'flash', -flashLeft));
  if (ramLeft < 0) found.push(problems.imageTooLarge(board.name, 'RAM', -ramLeft));
  else if (ramLeft < STACK_BYTES) found.push(problems.littleStack(board.name, ramLeft));
  return found;
}

function parseElf(file: string, content: Uint8Array): Elf {
  try {
    return readElf(content);
  } catch (error) {
    if (error instanceof RangeError) throw new ProblemError(problems.notAnElf(file, error.message));
    throw error;
  }
}

async function writeHex(target: string, elf: Elf): Promise<string> {
  const segments = elf.segments.filter((s) => s.bytes.length > 0).map((s) => ({ address: s.loadAddress, bytes: s.bytes }));
  await writeIfChanged(target, writeIntelHex(segments));
  return target;
}

async function removeStaleObjects(buildFolder: string, jobs: readonly ObjectJob[]): Promise<void> {
  const current = new Set(jobs.flatMap((j) => [path.basename(j.object), `${path.basename(j.object)}.log`]));
  const folder = path.join(buildFolder, 'objects');
  for (const name of await fs.readdir(folder)) if (!current.has(name)) await fs.rm(path.join(folder, name), { force: true });
}

const exists = (file: string): Promise<boolean> => fs.access(file).then(() => true, () => false);

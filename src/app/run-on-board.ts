import path from 'node:path';
import fs from 'node:fs/promises';
import { equalBytes } from '../base/bytes';
import { CancelledError, isCancelled } from '../base/cancel';
import { AbortLike } from '../base/rpc';
import { hasErrors, problemOfUnknown, ProblemError } from '../base/problem';
import type { Task } from '../base/progress';
import type { Board } from '../device/boards/board';
import { openBoard, type BoardSession } from '../device/connect/open-board';
import type { FirmwarePortId } from '../device/firmware/ports';
import { firmwareProject } from '../device/firmware/project';
import { compile, type BuiltFirmware } from '../device/toolchains/compile';
import { currentEnvironment } from '../device/toolchains/environment';
import { builderAmong } from '../device/toolchains/project-builders';
import { PROTOCOL_VERSION } from '../device/protocol/messages';
import { findTools, type FoundTools } from '../device/toolchains/find-tools';
import type { PortReport } from '../engine/cost/report';
import { decodeBytes, realValues } from '../engine/ir/tensor';
import { elementCount } from '../engine/ir/dtype';
import { argmax } from './accuracy';
import type { GenerateReport, SamplesReport } from './engine-contract';
import { portBroker } from './port-broker';
import { boardById } from './find-board';
import { appProblems } from './problems';
import type { BoardRun, PredictionEvent, RunDeps, RunEvent, RunRequest, RunStage, RunSummary } from './run-contract';

/**
 * Generates, builds and flashes firmware for a model, then runs the test samples through the board, each compared with what
 * the host computes. Resolves when the board answers; predictions follow as events.
 */
export async function runOnBoard(request: RunRequest, deps: RunDeps, task: Task, onEvent: (event: RunEvent) => void): Promise<BoardRun> {
  const board = await boardById(request.boardId, deps.workspace);
  const stage = (name: RunStage): void => onEvent({ kind: 'stage', stage: name });

  stage('generate');
  const tools = await toolsFor(board, deps.env, request.via, task);
  const folder = path.join(deps.buildRoot, board.id, stem(request.path));
  const options = { signal: task.signal, progress: (progress: Parameters<Task['progress']>[0]) => task.progress(progress) };
  // Sources of an earlier model must not be built into this one.
  await fs.rm(path.join(folder, 'model'), { recursive: true, force: true });
  const generated = await deps.engine.request('generate', { path: request.path, bindings: request.bindings, out: path.join(folder, 'model'), isa: board.isa, replace: true }, options);
  checkFits(board, generated);
  const samples = await deps.engine.request('samples', { path: request.path, bindings: request.bindings, limit: request.limit }, options);

  stage('build');
  const firmware = await build(board, generated, folder, tools, task);
  if (firmware.sizes) onEvent({ kind: 'built', flashBytes: firmware.sizes.flashBytes, ramBytes: firmware.sizes.ramBytes });

  stage('flash');
  const opened = await openBoard(
    board,
    firmware,
    { tools, simulatorProgram: deps.programs.avrSimulator, rp2040Program: deps.programs.rp2040Simulator, portPath: request.portPath, via: request.via, portBroker, modelHash: generated.modelHash },
    task,
  );
  stage('connect');
  const { firmware: name, modelHash, arenaBytes, clockHz } = opened.hello;
  onEvent({ kind: 'connected', hello: { protocol: PROTOCOL_VERSION, firmware: name, modelHash, arenaBytes, clockHz }, board: { id: board.id, name: board.name }, labels: samples.labels });
  stage('run');
  return stream(opened, samples, onEvent);
}

/** What is known exactly before anything is built: a model that cannot fit is refused with the figures. */
function checkFits(board: Board, { arenaBytes, weightBytes }: GenerateReport): void {
  const check = (what: 'RAM' | 'flash', needed: number, limit: Board['ramBytes'], part: string): void => {
    if (limit && needed > limit.value) throw new ProblemError(appProblems.doesNotFit(board.name, what, needed, limit.value, part));
  };
  check('RAM', arenaBytes, board.ramBytes, 'Its tensor arena');
  check('flash', weightBytes, board.flashBytes, 'Its constants');
}

const stem = (file: string): string => path.basename(file, path.extname(file)).replace(/[^\w.-]/g, '_');

async function toolsFor(board: Board, env: NodeJS.ProcessEnv, via: string | undefined, task: Task): Promise<FoundTools> {
  const { value, problems } = await findTools(board, currentEnvironment(env), task, via);
  if (hasErrors(problems)) throw new ProblemError(problems[0], problems.slice(1));
  return value;
}

async function build(board: Board, generated: GenerateReport, folder: string, tools: FoundTools, task: Task): Promise<BuiltFirmware> {
  const project = firmwareProject(board, { name: generated.name, inputs: generated.inputs.length, outputs: generated.outputs.length }, portFor(board, tools));
  const files = await Promise.all(generated.files.map(async ({ path: file }) => ({ path: file, text: await fs.readFile(path.join(generated.directory, file), 'utf8') })));
  return compile({ board, tools, project, files, buildFolder: path.join(folder, 'build') }, task);
}

/** What stands between application and board depends on the build system that was found. */
const portFor = (board: Board, tools: FoundTools): FirmwarePortId => builderAmong(board.project, tools.byId)?.builder.port ?? board.port;

/** Feeds the samples one after another until all are done, the link is lost, or it is stopped. */
function stream(opened: BoardSession, samples: SamplesReport, onEvent: (event: RunEvent) => void): BoardRun {
  const { session } = opened;
  const abort = new AbortLike();
  const seen: PredictionEvent[] = [];
  let rest = '';
  const text = session.onText((chunk) => {
    const lines = (rest + chunk).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) onEvent({ kind: 'text', text: line });
  });

  const run = async (): Promise<RunSummary> => {
    try {
      for (const sample of samples.samples) {
        if (abort.aborted) break;
        const result = await session.infer(sample.input, abort);
        const event = predictionOf(samples, sample, result);
        seen.push(event);
        onEvent(event);
      }
      if (rest) onEvent({ kind: 'text', text: rest });
      onEvent({ kind: 'closed' });
    } catch (error) {
      if (!isCancelled(error)) {
        onEvent({ kind: 'closed', problem: problemOfUnknown(error) });
        throw error;
      }
      onEvent({ kind: 'closed' });
    } finally {
      text.dispose();
      await opened.close();
    }
    return summaryOf(seen);
  };
  const done = run();
  done.catch(() => {}); // whoever awaits `done` sees the error; nobody has to
  return {
    done,
    async stop() {
      abort.abort();
      await done.catch((error: unknown) => {
        if (error instanceof CancelledError) throw error;
      });
    },
  };
}

function predictionOf(samples: SamplesReport, sample: SamplesReport['samples'][number], result: { output: Uint8Array; us: number; ticks: number }): PredictionEvent {
  const scores = Array.from(realOutputs(samples.output, result.output));
  const best = argmax(scores);
  const nameOf = (index: number): string => samples.labels[index] ?? String(index);
  return {
    kind: 'prediction', index: sample.index, label: nameOf(best), score: scores[best], scores,
    ...(sample.truth === undefined ? {} : { truth: nameOf(sample.truth) }),
    us: result.us, ticks: result.ticks, equalsHost: isSame(samples.output, result.output, sample.expected),
  };
}

/** Real numbers of the first output's bytes. */
function realOutputs(port: PortReport, bytes: Uint8Array): Float64Array {
  const quantization = port.scale === undefined ? undefined : { scale: [port.scale], zeroPoint: [port.zeroPoint ?? 0] };
  const elements = elementCount(port.shape);
  return realValues({ type: { dtype: port.dtype, shape: port.shape, quantization }, data: decodeBytes(port.dtype, elements, bytes) });
}

/** Integers must agree in every bit; floats differ in the order of sums between compilers, so within 1e-5 of the scale. */
function isSame(port: PortReport, output: Uint8Array, expected: Uint8Array): boolean {
  if (!port.dtype.startsWith('float')) return equalBytes(output, expected);
  const [got, want] = [realOutputs(port, output), realOutputs(port, expected)];
  const scale = Math.max(...want.map(Math.abs), 1e-30);
  return got.length === want.length && got.every((value, i) => Math.abs(value - want[i]) <= 1e-5 * scale);
}

function summaryOf(seen: readonly PredictionEvent[]): RunSummary {
  const labelled = seen.filter((event) => event.truth !== undefined);
  const times = seen.map((event) => event.us).sort((a, b) => a - b);
  return {
    samples: seen.length,
    labelled: labelled.length,
    right: labelled.filter((event) => event.truth === event.label).length,
    equal: seen.filter((event) => event.equalsHost).length,
    medianUs: times.length ? times[Math.floor(times.length / 2)] : 0,
  };
}

import fs from 'node:fs/promises';
import path from 'node:path';
import { hasErrors, ProblemError } from '../base/problem';
import type { RequestOptions } from '../base/rpc';
import type { Task } from '../base/progress';
import type { Board } from '../device/boards/board';
import { greet, openBoard, type BoardSession } from '../device/connect/open-board';
import type { FirmwarePortId } from '../device/firmware/ports';
import { firmwareProject, modelSources, type FirmwareModel, type FirmwareSensor } from '../device/firmware/project';
import { sensorDrivers, type SensorDriver } from '../device/firmware/sensors';
import { compile, type BuiltFirmware } from '../device/toolchains/compile';
import { currentEnvironment } from '../device/toolchains/environment';
import { findTools, type FoundTools } from '../device/toolchains/find-tools';
import { REFUSED } from '../device/protocol/problems';
import { openSerialLink } from '../device/transports/serial';
import { builderAmong } from '../device/toolchains/project-builders';
import { TOO_LARGE } from '../device/toolchains/problems';
import type { GenerateReport, SamplesReport } from './engine-contract';
import { portBroker } from './port-broker';
import { appProblems } from './problems';
import type { RunDeps, RunEvent, RunRequest, RunStage, SensorRequest } from './run-contract';
import { playedSamples } from './sensor/played-samples';
import { sensorProblems } from './sensor/problems';
import { sensorOf, sensorWindow, windowsOf } from './sensor/sensor-window';

export interface PreparedBoard {
  readonly opened: BoardSession;
  readonly generated: GenerateReport;
  readonly samples: SamplesReport;
  /** Absent where the board was taken as it is. */
  readonly firmware?: BuiltFirmware;
  /** The firmware tells of its layers: asked for, and there was room for it. */
  readonly traced: boolean;
  /** Where a sensor feeds the model; with counts, those are played in its place, and `samples` are their windows. */
  readonly sensor?: { readonly firmware: FirmwareSensor; readonly counts?: Int16Array };
}

/** More of the samples than a run asks for. */
export interface SampleOptions {
  readonly floatPath?: string;
}

/** Generates, builds and flashes firmware for a model and says hello; the session is the caller's to close. */
export async function prepareBoard(request: RunRequest & SampleOptions, board: Board, deps: RunDeps, task: Task, onEvent: (event: RunEvent) => void): Promise<PreparedBoard> {
  const stage = (name: RunStage): void => onEvent({ kind: 'stage', stage: name });
  stage('generate');
  const tools = request.attach ? undefined : await toolsFor(board, deps.env, request.via, task);
  const folder = path.join(deps.buildRoot, board.id, stem(request.path));
  const options = { signal: task.signal, progress: (progress: Parameters<Task['progress']>[0]) => task.progress(progress) };
  // Sources of an earlier model must not be built into this one.
  await fs.rm(path.join(folder, 'model'), { recursive: true, force: true });
  const generated = await deps.engine.request('generate', { path: request.path, bindings: request.bindings, out: path.join(folder, 'model'), isa: board.isa, memory: request.memory, replace: true }, options);
  checkFits(board, generated);
  const { path: model, bindings, limit, data, floatPath } = request;
  const sensor = request.sensor && (await prepareSensor(board, generated, request.sensor, data));
  const driver: SensorDriver | undefined = sensor && sensorDrivers[sensor.firmware.sensor.driver];
  if (sensor && driver?.port && tools && portFor(board, tools) !== driver.port) {
    throw new ProblemError(sensorProblems.otherFramework(board.name, sensor.firmware.sensor.kind));
  }
  const samples = sensor
    ? await sensedSamples(request, sensor, deps, options)
    : await deps.engine.request('samples', { path: model, bindings, limit, data, floatPath }, options);

  if (request.attach) {
    stage('connect');
    const opened = await attach(board, request.portPath, generated, task);
    return { opened, generated, samples, traced: await tellsLayers(opened, task) };
  }
  stage('build');
  const { firmware, traced } = await build(board, generated, folder, tools!, { trace: request.trace === true && !sensor, sensor: sensor?.firmware }, task);
  if (firmware.sizes) onEvent({ kind: 'built', flashBytes: firmware.sizes.flashBytes, ramBytes: firmware.sizes.ramBytes });

  stage('flash');
  const opened = await openBoard(
    board,
    firmware,
    { tools: tools!, simulatorProgram: deps.programs.avrSimulator, rp2040Program: deps.programs.rp2040Simulator, portPath: request.portPath, via: request.via, portBroker, modelHash: generated.modelHash },
    task,
  );
  return { opened, generated, samples, firmware, traced, ...(sensor ? { sensor } : {}) };
}

async function prepareSensor(board: Board, { inputs }: GenerateReport, request: SensorRequest, data: string | undefined): Promise<NonNullable<PreparedBoard['sensor']>> {
  const sensor = sensorOf(board, request.id);
  const firmware = sensorWindow(sensor, inputs[0], request);
  if (data === undefined && sensor.driver === 'played') throw new ProblemError(sensorProblems.nothingToPlay(board.name, sensor.kind));
  if (data === undefined) return { firmware };
  const counts = await playedSamples(data, sensor);
  const measurements = counts.length / sensor.channels.length;
  if (measurements < firmware.window) throw new ProblemError(sensorProblems.tooShort(data, measurements, firmware.window));
  return { firmware, counts };
}

/** What the host computes for the windows of what is played; nothing is known of what a sensor will measure. */
async function sensedSamples({ path: model, bindings }: RunRequest, { firmware, counts }: NonNullable<PreparedBoard['sensor']>, { engine }: RunDeps, options: RequestOptions): Promise<SamplesReport> {
  if (counts) return engine.request('samples', { path: model, bindings, windows: windowsOf(counts, firmware).values }, options);
  const { labels, output } = await engine.request('identify', { path: model, bindings }, options);
  return { dataPath: '', labels, output, samples: [], stateful: false, problems: [] };
}

/** A board that runs already. @throws ProblemError where it runs another model, or nothing of ours */
async function attach(board: Board, portPath: string | undefined, { modelHash }: GenerateReport, task: Task): Promise<BoardSession> {
  if (board.connect.kind !== 'port' || portPath === undefined) throw new ProblemError(appProblems.attachNeedsPort(board.name));
  const loan = await portBroker.borrow(portPath);
  try {
    const link = await openSerialLink(portPath, board.connect.baud, portBroker, 'verifying');
    return await greet(board, link, { modelHash, onClose: () => void loan.release() }, task);
  } catch (error) {
    await loan.release();
    throw error;
  }
}

/** Firmware with layer reports can tell of its memory as well; any other refuses. */
const tellsLayers = ({ session }: BoardSession, task: Task): Promise<boolean> =>
  session.stack(task.signal).then(
    () => true,
    (error: unknown) => {
      if (error instanceof ProblemError && error.problem.code === REFUSED) return false;
      throw error;
    },
  );

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

/** What stands between application and board depends on the build system that was found. */
const portFor = (board: Board, tools: FoundTools): FirmwarePortId => builderAmong(board.project, tools.byId)?.builder.port ?? board.port;

/** With layer reports where they are asked for and fit: a model that fills its chip runs without them. */
async function build(board: Board, generated: GenerateReport, folder: string, tools: FoundTools, { trace, sensor }: { readonly trace: boolean; readonly sensor?: FirmwareSensor }, task: Task): Promise<{ firmware: BuiltFirmware; traced: boolean }> {
  const files = await Promise.all(generated.files.map(async ({ path: file }) => ({ path: file, text: await fs.readFile(path.join(generated.directory, file), 'utf8') })));
  const { name, inputs, outputs, layers, constants } = generated;
  const buildFor = (model: FirmwareModel): Promise<BuiltFirmware> =>
    compile({ board, tools, project: firmwareProject(board, model, portFor(board, tools)), files: modelSources(files, model), buildFolder: path.join(folder, 'build') }, task);
  const model: FirmwareModel = { name, inputs: inputs.length, outputs: outputs.length, ...(sensor ? { sensor } : {}) };
  if (!trace) return { firmware: await buildFor(model), traced: false };
  try {
    return { firmware: await buildFor({ ...model, trace: { layers, constants } }), traced: true };
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code !== TOO_LARGE) throw error;
    task.log.write('info', `${board.name} has no room for layer reports beside this model: built without them`);
    return { firmware: await buildFor(model), traced: false };
  }
}

/** What measured numbers are of: `Cortex-M4F (simulated), gcc 12.2.1, -mcpu=cortex-m4 -O2`. */
export function basisOf({ opened, firmware }: PreparedBoard): string {
  if (!firmware) return `${opened.board.name}, as it was flashed`;
  const flags = firmware.compiler.flags.filter((flag) => /^-(O|m)/.test(flag)).join(' ');
  return [opened.board.name, `compiler ${firmware.compiler.version}`, flags].filter(Boolean).join(', ');
}

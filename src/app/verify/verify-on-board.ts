import path from 'node:path';
import { ProblemError } from '../../base/problem';
import type { Task } from '../../base/progress';
import { argmax } from '../accuracy';
import { boardById } from '../find-board';
import { isSame, realOutputs } from '../predictions';
import { basisOf, prepareBoard, type PreparedBoard } from '../prepare-board';
import { appProblems } from '../problems';
import { PROTOCOL_VERSION } from '../../device/protocol/messages';
import type { RunDeps } from '../run-contract';
import { bisect, type Bisection } from './bisect';
import { floatSourceOf } from './float-source';
import { verdictOf } from './verdict';
import type { Agreement, VerifyEvent, VerifyReport, VerifyRequest } from './verify-contract';

type Sample = PreparedBoard['samples']['samples'][number];

/** One sample on board, int8 host and float host. */
interface Compared {
  readonly sample: Sample;
  readonly equal: boolean;
  readonly board: number;
  readonly host: number;
  readonly float?: number;
  readonly us: number;
}

/** Samples whose layers are compared as long as all outputs agree: a difference may be rounded away before the output. */
const TRACED_WHERE_EQUAL = 10;

/**
 * Runs samples through the float model, the reference interpreter and the board, and where they differ looks for the first
 * layer that does. The board is flashed with firmware that tells of its layers, where that fits.
 */
export async function verifyOnBoard(request: VerifyRequest, deps: RunDeps, task: Task, onEvent: (event: VerifyEvent) => void): Promise<VerifyReport> {
  const board = await boardById(request.boardId, deps.workspace);
  const floatPath = request.floatPath ?? (await floatSource(request, deps, task));
  const prepared = await prepareBoard({ ...request, floatPath, trace: true }, board, deps, task, onEvent);
  const { opened, samples, generated, firmware } = prepared;
  const { hello } = opened;
  try {
    onEvent({
      kind: 'connected', board: { id: board.id, name: board.name }, labels: samples.labels, layers: generated.layers, modelledUs: [], basis: basisOf(prepared),
      hello: { protocol: PROTOCOL_VERSION, firmware: hello.firmware, modelHash: hello.modelHash, arenaBytes: hello.arenaBytes, clockHz: hello.clockHz },
    });
    onEvent({ kind: 'stage', stage: 'run' });
    const compared = await compareSamples(prepared, task, onEvent);
    const bisection = prepared.traced ? await bisect({ request, prepared, engine: deps.engine, task, order: sampleOrder(compared) }) : undefined;
    const nameOf = (index: number): string => samples.labels[index] ?? String(index);
    const labels = labelsOf(compared);
    const report: Omit<VerifyReport, 'verdict'> = {
      schema: 'tinyml-verify/1',
      model: path.basename(request.path),
      board: { id: board.id, name: board.name },
      basis: { kind: 'measured', firmware: hello.firmware, modelHash: hello.modelHash, clockHz: hello.clockHz, compiler: firmware?.compiler.version ?? '', flags: firmware?.compiler.flags ?? [] },
      labels,
      bytes: agreement(compared, ({ equal }) => equal),
      ...(floatPath === undefined ? {} : { floatModel: path.basename(floatPath) }),
      layers: bisection?.layers ?? [],
      ...(bisection ? { traced: bisection.traced } : {}),
      ...(bisection?.first ? { first: bisection.first } : {}),
      differences: bisection?.differences ?? [],
      otherWeights: bisection?.otherWeights ?? [],
      samples: compared.map(({ sample, host, board: label, equal, us }) => ({ index: sample.index, label: nameOf(host), board: nameOf(label), equal, us })),
      equal: compared.every(({ equal }) => equal) && isClean(bisection),
      problems: [...generated.problems, ...(prepared.traced ? [] : [appProblems.noLayerReports(board.name)])],
    };
    return { ...report, verdict: verdictOf(report) };
  } finally {
    await opened.close();
    onEvent({ kind: 'closed' });
  }
}

/** A float model is its own source. */
async function floatSource({ path: model, bindings }: VerifyRequest, { engine }: RunDeps, task: Task): Promise<string | undefined> {
  const { arithmetic } = (await engine.request('inspect', { path: model, bindings }, { signal: task.signal })).model;
  return arithmetic === 'float32' ? model : floatSourceOf(model);
}

const isClean = (bisection: Bisection | undefined): boolean => !bisection || (bisection.first === undefined && bisection.otherWeights.length === 0);

async function compareSamples({ opened, samples }: PreparedBoard, task: Task, onEvent: (event: VerifyEvent) => void): Promise<Compared[]> {
  const compared: Compared[] = [];
  const total = samples.samples.length;
  if (total === 0) throw new ProblemError(appProblems.noSamples(samples.dataPath));
  await opened.session.restartModel(task.signal);
  for (const sample of samples.samples) {
    const { output, us } = await opened.session.infer(sample.input, task.signal);
    const scores = (bytes: Uint8Array): number => argmax(realOutputs(samples.output, bytes));
    compared.push({
      sample, us, board: scores(output), host: scores(sample.expected), equal: isSame(samples.output, output, sample.expected),
      ...(sample.float ? { float: argmax(sample.float) } : {}),
    });
    task.progress({ stage: 'Comparing samples', done: compared.length, total });
    onEvent({ kind: 'compared', done: compared.length, total });
  }
  return compared;
}

/** Positions of the samples worth looking into, those that differ first. */
function sampleOrder(compared: readonly Compared[]): number[] {
  const differing = compared.flatMap(({ equal }, i) => (equal ? [] : [i]));
  return differing.length ? differing.slice(0, 1) : compared.slice(0, TRACED_WHERE_EQUAL).map((_, i) => i);
}

const agreement = (compared: readonly Compared[], agrees: (one: Compared) => boolean): Agreement => ({ equal: compared.filter(agrees).length, of: compared.length });

function labelsOf(compared: readonly Compared[]): VerifyReport['labels'] {
  const withFloat = compared.filter(({ float }) => float !== undefined);
  const labelled = compared.filter(({ sample }) => sample.truth !== undefined);
  const right = (pick: (one: Compared) => number | undefined): Agreement => agreement(labelled, (one) => pick(one) === one.sample.truth);
  return {
    boardAndHost: agreement(compared, ({ board, host }) => board === host),
    ...(withFloat.length ? { hostAndFloat: agreement(withFloat, ({ host, float }) => host === float) } : {}),
    ...(labelled.length ? { right: { board: right(({ board }) => board), host: right(({ host }) => host), ...(withFloat.length ? { float: right(({ float }) => float) } : {}) } } : {}),
  };
}


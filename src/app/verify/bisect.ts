import type { Task } from '../../base/progress';
import { ProblemError } from '../../base/problem';
import type { LayerTrace, TracedResult } from '../../device/protocol/session-types';
import type { PreparedBoard } from '../prepare-board';
import { appProblems } from '../problems';
import type { EngineRequests } from '../run-contract';
import type { HostLayer, LayerDifference, TraceRequest } from './trace-contract';
import type { VerifiedLayer, VerifyReport, VerifyRequest } from './verify-contract';

export interface Bisection {
  readonly layers: readonly VerifiedLayer[];
  readonly traced: NonNullable<VerifyReport['traced']>;
  readonly first?: LayerDifference;
  readonly differences: readonly LayerDifference[];
  readonly otherWeights: readonly number[];
}

interface Work {
  readonly request: VerifyRequest;
  readonly prepared: PreparedBoard;
  readonly engine: EngineRequests;
  readonly task: Task;
  /** Positions of the samples to look into, until one of them differs in a layer. */
  readonly order: readonly number[];
}

/** Layers after the first that are fetched for the count of differing values, and bytes of all of them. */
const FETCHED = { layers: 12, bytes: 256 * 1024 };
/** Runs until every layer was heard of: a frame may be lost. */
const ATTEMPTS = 4;

/** Check sums of every layer on host and board; where they differ, the first such layer with both results and the cause. */
export async function bisect(work: Work): Promise<Bisection> {
  const { prepared, task, order } = work;
  let found: { readonly position: number; readonly host: readonly HostLayer[]; readonly board: TracedResult; readonly differing: readonly number[] } | undefined;
  for (const [done, position] of order.entries()) {
    task.progress({ stage: 'Comparing layers', done, total: order.length });
    const request = traceRequest(work, position);
    const { layers: host } = await work.engine.request('trace', request, { signal: task.signal });
    const board = await traceOnBoard(work, position, undefined, host.length);
    found = { position, host, board, differing: differingLayers(host, board.layers) };
    if (found.differing.length) break;
  }
  if (!found) throw new ProblemError(appProblems.noSamples(prepared.samples.dataPath));
  const { position, host, board, differing } = found;
  const weights = await weightsOnBoard(work, host);
  const otherWeights = host.filter(({ index, weights: { bytes, crc } }) => weights.get(index) !== undefined && (weights.get(index)!.crc !== crc || weights.get(index)!.bytes !== bytes)).map(({ index }) => index);
  const differences = await fetchDifferences(work, position, host, differing, weights);
  // A float layer's last bits may differ without meaning: the first layer is the first with values apart.
  const first = [...differences.values()].find(({ differ }) => differ > 0);
  const told = new Map(board.layers.map((layer) => [layer.layer, layer]));
  const layers = host.map((layer) => verified(layer, told.get(layer.index)!, differing.includes(layer.index), differences.get(layer.index), !otherWeights.includes(layer.index)));
  const equal = layers.filter(({ differ }) => differ === 0).length;
  return { layers, traced: { sample: prepared.samples.samples[position].index, equal, of: layers.length }, ...(first ? { first } : {}), differences: [...differences.values()], otherWeights };
}

function verified(layer: HostLayer, { crc, us, ticks, atLeast, atMost }: LayerTrace, differs: boolean, difference: LayerDifference | undefined, weightsEqual: boolean): VerifiedLayer {
  const apart = difference ? { differ: difference.differ, max: difference.max } : { differ: differs ? ('unknown' as const) : 0, max: 0 };
  return { ...layer, board: { crc, us, ticks, atLeast, atMost }, ...apart, weightsEqual };
}

const differingLayers = (host: readonly HostLayer[], board: readonly LayerTrace[]): number[] => {
  const told = new Map(board.map((layer) => [layer.layer, layer]));
  return host.filter(({ index, crc, bytes }) => told.get(index)!.crc !== crc || told.get(index)!.bytes !== bytes).map(({ index }) => index);
};

/** The runs that lead to a sample: those before it too, where the model keeps a state. */
function traceRequest({ request, prepared }: Work, position: number): TraceRequest {
  const { samples, stateful } = prepared.samples;
  const inputs = samples.slice(stateful ? 0 : position, position + 1).map(({ input }) => input);
  return { path: request.path, bindings: request.bindings, memory: request.memory, isa: prepared.opened.board.isa, inputs };
}

async function traceOnBoard(work: Work, position: number, tensorOf: number | undefined, layers: number): Promise<TracedResult> {
  const { session } = work.prepared.opened;
  const { inputs } = traceRequest(work, position);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    await session.restartModel(work.task.signal);
    for (const input of inputs.slice(0, -1)) await session.infer(input, work.task.signal);
    const result = await session.trace(inputs[inputs.length - 1], tensorOf, work.task.signal);
    if (result.layers.length === layers && (tensorOf === undefined || result.tensor)) return result;
  }
  throw new ProblemError(appProblems.traceLost(work.prepared.opened.board.name, ATTEMPTS));
}

async function weightsOnBoard({ prepared, task }: Work, host: readonly HostLayer[]): Promise<ReadonlyMap<number, { readonly bytes: number; readonly crc: number }>> {
  const weights = new Map<number, { readonly bytes: number; readonly crc: number }>();
  for (const { index, weights: { bytes } } of host) {
    task.progress({ stage: 'Checking the weights on the board', done: index, total: host.length });
    if (bytes > 0) weights.set(index, await prepared.opened.session.weightsOf(index, task.signal));
  }
  return weights;
}

/** Results of the layers that differ, as far as they are worth their time on the line. */
async function fetchDifferences(work: Work, position: number, host: readonly HostLayer[], differing: readonly number[], weights: ReadonlyMap<number, { readonly bytes: number; readonly crc: number }>): Promise<Map<number, LayerDifference>> {
  const differences = new Map<number, LayerDifference>();
  let bytes = 0;
  for (const [i, layer] of differing.entries()) {
    bytes += host[layer].bytes;
    const foundOne = [...differences.values()].some(({ differ }) => differ > 0);
    if (foundOne && (i >= FETCHED.layers || bytes > FETCHED.bytes)) break;
    work.task.progress({ stage: 'Fetching what differs', done: i, total: differing.length });
    const { tensor } = await traceOnBoard(work, position, layer, host.length);
    const request = { ...traceRequest(work, position), layer, board: tensor!, weights: weights.get(layer) };
    differences.set(layer, await work.engine.request('explain', request, { signal: work.task.signal }));
  }
  return differences;
}

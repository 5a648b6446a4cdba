import { isStatic } from '../../ir/dtype';
import { constantTensor, emptyData, tensorOf, type Tensor } from '../../ir/tensor';
import type { TensorType } from '../../ir/types';
import { NotEvaluable } from '../opaque';
import type { NodeView } from '../op';
import { graphIn, joined, missing, resultTypes, runGraph } from './inner-graph';
import { MAX_ROUNDS } from './unroll';

/** Inputs before the carried values: how many rounds at most, whether to begin. */
const [LIMIT, BEGINS, FIRST_CARRIED] = [0, 1, 2];

export const isCounted = (node: NodeView): boolean => node.attributes.condition === undefined;

/** Values that are carried from round to round. */
export const carriedOf = (node: NodeView): number => node.int('carried');

/** Rounds of a loop where no data can change them; undefined otherwise. */
export function roundsOf(node: NodeView): number | undefined {
  if (!isCounted(node)) return undefined;
  const begins = node.has(BEGINS) ? node.constant(BEGINS) : tensorOf({ dtype: 'bool', shape: [] }, [1]);
  if (begins && !begins.data[0]) return 0;
  const limit = node.constant(LIMIT)?.data[0];
  if (limit === undefined || limit <= 0) return limit === undefined ? undefined : 0;
  const body = graphIn(node, 'body');
  const goesOn = body.values.get(body.outputs[0])!;
  return begins && goesOn.constant && isStatic(goesOn.type) && constantTensor(goesOn).data[0] ? limit : undefined;
}

export function countedTypes(node: NodeView): TensorType[] {
  const carried = carriedOf(node);
  const results = resultTypes(graphIn(node, 'body')).slice(1);
  const before = Array.from({ length: carried }, (_, i) => node.type(FIRST_CARRIED + i));
  const rounds = roundsOf(node) ?? -1;
  const rows = results.slice(carried).map((type) => ({ ...type, shape: type.shape && [rounds, ...type.shape] }));
  return [...(rounds === 0 ? before : joined(results.slice(0, carried), before)), ...rows];
}

export function runCounted(node: NodeView, inputs: readonly (Tensor | undefined)[]): Tensor[] {
  const last = FIRST_CARRIED + carriedOf(node);
  let carried = inputs.slice(FIRST_CARRIED, last).map((tensor, i) => tensor ?? missing(node, FIRST_CARRIED + i));
  const read = inputs.slice(last);
  const types = resultTypes(graphIn(node, 'body')).slice(1 + carried.length);
  const rows: Tensor[][] = types.map(() => []);
  const limit = inputs[LIMIT]?.data[0] ?? Infinity;
  let goesOn = (inputs[BEGINS]?.data[0] ?? 1) !== 0;
  for (let round = 0; goesOn && round < limit; round++) {
    if (round >= MAX_ROUNDS) throw new NotEvaluable(`The loop ${node.node.name} does not end within ${MAX_ROUNDS} rounds`);
    const [condition, ...results] = runGraph(node, 'body', [tensorOf({ dtype: 'int64', shape: [] }, [round]), ...carried, ...read]);
    goesOn = condition.data[0] !== 0;
    carried = results.slice(0, carried.length);
    rows.forEach((row, i) => row.push(results[carried.length + i]));
  }
  return [...carried, ...rows.map((row, i) => stacked(row, types[i]))];
}

/** Results of all rounds along a new first axis; where there was no round, extents that the body leaves open are none. */
function stacked(rows: readonly Tensor[], type: TensorType): Tensor {
  const shape = [rows.length, ...(rows[0]?.type.shape ?? (type.shape ?? []).map((extent) => Math.max(0, extent)))];
  const extent = rows[0]?.data.length ?? 0;
  if (rows.some((row) => row.data.length !== extent)) throw new NotEvaluable('results of rounds differ in their shape');
  const data = emptyData(type.dtype, extent * rows.length);
  rows.forEach((row, i) => data.set(row.data, i * extent));
  return { type: { ...type, shape }, data };
}

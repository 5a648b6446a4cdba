import { dtypes, isStatic, typeBytes } from '../ir/dtype';
import type { Model, ValueId } from '../ir/types';
import type { Block, Task } from '../memory/order-search';
import { ALIGNMENT, type Overlay } from '../memory/place';
import type { Overlap } from './kernel';
import type { Step } from './choose-kernels';
import type { Buffer } from './program';
import type { Storage } from './storage';
import { trailingOverlays } from './trailing-overlays';

export type OpenBuffer = Omit<Buffer, 'offset'>;

/** What has to be placed, for one order of the steps and one choice of what lies in what. */
export interface BufferPlan {
  readonly buffers: readonly OpenBuffer[];
  readonly overlays: readonly Overlay[];
  /** Buffer of each root. */
  readonly indexOf: ReadonlyMap<ValueId, number>;
  sizeOf(id: ValueId): number;
  /** The same for a search of the order: steps with what they touch, blocks without times. Scratch belongs to its task. */
  readonly tasks: readonly Task[];
  readonly blocks: readonly Block[];
}

const WIDE = 8;

/** Elements of 8 bytes want to lie at multiples of 8: so that all blocks do, all sizes are such multiples. */
export const hasWideElements = (model: Model): boolean => [...model.graph.values.values()].some(({ type, constant }) => !constant && dtypes[type.dtype].bits === 8 * WIDE);

/** What every value's address is a multiple of. */
export const unitOf = (model: Model): number => (hasWideElements(model) ? WIDE : ALIGNMENT);

interface Making {
  bytes: number;
  first: number;
  last: number;
  readonly values: ValueId[];
  role: Buffer['role'];
}

/** `overwrite`: outputs may lie over inputs that die with them. */
export function bufferPlan(model: Model, steps: readonly Step[], storage: Storage, overwrite = true): BufferPlan {
  const { graph } = model;
  const indexOf = new Map<ValueId, number>();
  const making: Making[] = [];
  const sizeOf = (id: ValueId): number => {
    const { type } = graph.values.get(id)!;
    return isStatic(type) ? typeBytes(type) : 0;
  };
  const bufferOf = (id: ValueId): Making => making[indexOf.get(storage.of(id).root)!];
  const touch = (id: ValueId, step: number, role: Buffer['role'] = 'activation', behind = 0): void => {
    const { root, at } = storage.of(id);
    if (!indexOf.has(root)) {
      indexOf.set(root, making.length);
      making.push({ bytes: sizeOf(root), first: step, last: step, values: [], role });
    }
    const buffer = bufferOf(id);
    buffer.bytes = Math.max(buffer.bytes, at + sizeOf(id) + behind);
    buffer.first = Math.min(buffer.first, step);
    buffer.last = Math.max(buffer.last, step);
    if (!buffer.values.includes(id)) buffer.values.push(id);
  };
  const handedOver = new Set(steps.flatMap(({ node, op }) => (op.isHandedOver ? node.inputs : [])));
  const isPlaced = (id: ValueId | undefined): id is ValueId => id !== undefined && indexOf.has(storage.of(id).root);

  // A state is needed from one run to the next: nothing else may lie there.
  for (const { input } of graph.states) [-1, steps.length].forEach((at) => touch(input, at, 'state'));
  for (const input of graph.inputs) if (!handedOver.has(input)) touch(input, -1, 'input');
  for (const { index, node, plan } of steps) {
    for (const id of node.inputs) if (isPlaced(id)) touch(id, index);
    node.outputs.forEach((id, i) => touch(id, index, 'activation', i === 0 ? plan?.writesBehind : 0));
  }
  // Values that no step touches: views, and what they end in.
  for (const node of graph.nodes) for (const id of node.outputs) if (!isPlaced(id) || !bufferOf(id).values.includes(id)) touch(id, isPlaced(id) ? bufferOf(id).last : -1);
  for (const id of [...graph.outputs, ...graph.states.map((state) => state.output)]) {
    if (isPlaced(id)) touch(id, steps.length);
  }
  for (const id of graph.outputs) if (isPlaced(id) && bufferOf(id).role === 'activation') bufferOf(id).role = 'output';

  const wide = hasWideElements(model);
  const round = (bytes: number): number => (wide ? Math.ceil(bytes / WIDE) * WIDE : bytes);
  for (const buffer of making) buffer.bytes = round(buffer.bytes);
  const touched = steps.map(({ node }) => [...new Set([...node.inputs, ...node.outputs].flatMap((id) => (isPlaced(id) ? [indexOf.get(storage.of(id).root)!] : [])))]);
  const blocks = making.map(({ bytes, first, last }): Block => ({ bytes, fromStart: first < 0, toEnd: last >= steps.length }));
  const possible = steps.map((step) => (overwrite ? overlaysOf(step, storage, indexOf, wide) : []));
  const tasks = steps.map(({ plan }, i): Task => ({ after: predecessors(model, steps, i), touches: touched[i], scratchBytes: plan?.scratchBytes ?? 0, overlays: possible[i] }));
  // The input's memory may be taken only if nobody reads it, or any view of it, after this step.
  const atOneStep = possible.flatMap((list, i) => list.filter(({ over, under }) => making[over].first === i && making[under].last === i));
  const overlays = [...atOneStep, ...(overwrite && !wide ? trailingOverlays(steps, storage, making, indexOf, sizeOf) : [])];
  const scratch = steps.flatMap(({ index, plan }): OpenBuffer[] => (plan?.scratchBytes ? [{ bytes: round(plan.scratchBytes), first: index, last: index, values: [], role: 'scratch' }] : []));
  return { buffers: [...making, ...scratch], overlays, indexOf, sizeOf, tasks, blocks };
}

/** Where the step's first output may lie over inputs, if nobody needs them afterwards. */
function overlaysOf(step: Step, storage: Storage, indexOf: ReadonlyMap<ValueId, number>, wide: boolean): Overlay[] {
  const [output, ...others] = step.node.outputs.map((id) => storage.of(id));
  if (!output || output.at !== 0 || others.some(({ root }) => root === output.root)) return [];
  return overlapsOf(step).flatMap(({ input, ...overlap }): Overlay[] => {
    const id = step.node.inputs[input];
    if (id === undefined) return [];
    const from = storage.of(id);
    // Another input in the same memory, elsewhere in it, would be eaten up.
    const isAlone = step.node.inputs.every((other) => other === undefined || storage.of(other).root !== from.root || storage.of(other).at === 0);
    if (from.at !== 0 || from.root === output.root || !isAlone || !indexOf.has(from.root)) return [];
    return [{ over: indexOf.get(output.root)!, under: indexOf.get(from.root)!, ...(wide ? { same: overlap.same } : overlap) }];
  });
}

/** What the kernel says, else what holds for any way to compute the op. */
function overlapsOf(step: Step): readonly Overlap[] {
  if (step.plan?.overlaps) return step.plan.overlaps;
  const input = step.op.inPlace?.(step.view);
  return input === undefined ? [] : [{ input, same: true }];
}

/** Steps whose results a step reads, through views and through copies that fell away. */
function predecessors(model: Model, steps: readonly Step[], index: number): number[] {
  const { producerOf, stepOf } = linksOf(model, steps);
  const found = new Set<number>();
  const seen = new Set<ValueId>();
  const visit = (id: ValueId | undefined): void => {
    const node = id === undefined || seen.has(id) ? undefined : producerOf.get(id);
    if (!node) return;
    seen.add(id!);
    const step = stepOf.get(node.id);
    if (step !== undefined && step !== index) found.add(step);
    // A join of which some parts were not copied waits for these parts too.
    const isPartial = step === undefined || steps[step].op.ranges !== undefined;
    if (isPartial) node.inputs.forEach(visit);
  };
  steps[index].node.inputs.forEach(visit);
  return [...found];
}

interface NodeLinks {
  readonly producerOf: ReadonlyMap<ValueId, Model['graph']['nodes'][number]>;
  readonly stepOf: ReadonlyMap<number, number>;
}

const known = new WeakMap<readonly Step[], NodeLinks>();

function linksOf(model: Model, steps: readonly Step[]): NodeLinks {
  const links = known.get(steps) ?? {
    producerOf: new Map(model.graph.nodes.flatMap((node) => node.outputs.map((id) => [id, node] as const))),
    stepOf: new Map(steps.map((step) => [step.node.id, step.index])),
  };
  known.set(steps, links);
  return links;
}

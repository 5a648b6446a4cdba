import { boundOf } from '../memory/bound';
import { orderTasks } from '../memory/order-search';
import { aligned, place, type Placement } from '../memory/place';
import type { Model, Node, ValueId } from '../ir/types';
import { opOf } from '../ops/table';
import { bufferPlan, type BufferPlan } from './buffer-plan';
import { callsOf, type KernelPlan } from './kernel';
import type { Step } from './choose-kernels';
import type { Buffer, PlanOptions, Program } from './program';
import { Storage } from './storage';

/** Nodes that could do without a copy and are tried one by one; beyond so many all of them do. */
const MOST_TRIED = 48;

type Memory = Pick<Program, 'model' | 'steps' | 'buffers' | 'bufferOf' | 'addressOf' | 'arenaBytes' | 'arenaBoundBytes' | 'order'>;

/** Order of the steps, what lies in what, and offsets: the smallest arena that was found. */
export function planMemory(model: Model, planned: readonly Step[], { overwrite = true, reorder = true }: Pick<PlanOptions, 'overwrite' | 'reorder'> = {}): Memory {
  const given = layOut(model, planned, overwrite);
  // Rows come in their own order.
  if (!reorder || planned.some(({ op }) => op.isHandedOver)) return memoryOf(model, given, { fileOrderBytes: given.arenaBytes, isChanged: false, isOptimal: false });
  const { steps } = given;
  const found = orderTasks(given.plan.tasks, given.plan.blocks);
  const report = { fileOrderBytes: given.arenaBytes, isOptimal: found.isOptimal };
  if (found.bytes < found.givenBytes) {
    const node = new Map(planned.map((step) => [step.node.id, step]));
    const nodes = withViews(model, [...found.order.map((i) => steps[i].node)]);
    const ordered = { ...model, graph: { ...model.graph, nodes } };
    const other = layOut(ordered, nodes.flatMap((n) => node.get(n.id) ?? []).map((step, index) => ({ ...step, index })), overwrite);
    if (other.arenaBytes < given.arenaBytes) return memoryOf(ordered, other, { ...report, isChanged: true });
  }
  return memoryOf(model, given, { ...report, isChanged: false });
}

/** Arena of these steps in the order given. */
export const arenaInOrder = (model: Model, planned: readonly Step[]): number => layOut(model, planned).arenaBytes;

interface Layout {
  readonly steps: readonly Step[];
  readonly plan: BufferPlan;
  readonly placement: Placement;
  readonly storage: Storage;
  readonly arenaBytes: number;
}

/** One order: parts and slices stay where they are unless a copy of them leaves a lower bound. */
function layOut(model: Model, planned: readonly Step[], overwrite = true): Layout {
  const kept = new Set<number>();
  const attempt = (): Omit<Layout, 'placement' | 'arenaBytes'> => {
    const storage = new Storage(model, planned, (node) => !kept.has(node.id));
    const steps = remaining(planned, storage);
    return { storage, steps, plan: bufferPlan(model, steps, storage, overwrite) };
  };
  let best = attempt();
  const bound = ({ plan }: typeof best): number => boundOf(plan.buffers, plan.overlays);
  const choices = planned.filter((step) => step.plan && step.op.ranges?.(step.view)?.at.some((at) => at !== undefined));
  if (choices.length <= MOST_TRIED) {
    for (const { node } of choices) {
      kept.add(node.id);
      const next = attempt();
      if (bound(next) < bound(best)) best = next;
      else kept.delete(node.id);
    }
  }
  const placement = place(best.plan.buffers, best.plan.overlays);
  return { ...best, placement, arenaBytes: arenaOf(best, placement) };
}

/** Steps without the copies that are not needed; a step of which nothing remains is left out. */
function remaining(planned: readonly Step[], storage: Storage): Step[] {
  const steps = planned.flatMap((step): Step[] => {
    if (!step.plan || !step.op.ranges) return [step];
    const all = callsOf(step.plan);
    const calls = all.filter((call) => !storage.isInPlace(step, call.inputs[0], call.outputs?.[0] ?? 0));
    if (calls.length === all.length) return [step];
    const [first, ...then] = calls;
    if (!first) return [];
    const plan: KernelPlan = { ...step.plan, ...first, then, codeBytes: Math.round((step.plan.codeBytes * calls.length) / all.length) };
    return [{ ...step, plan }];
  });
  return steps.map((step, index) => ({ ...step, index }));
}

/** Kernels may read behind a tensor, but never behind the arena. */
function arenaOf({ steps, storage, plan }: Pick<Layout, 'steps' | 'storage' | 'plan'>, { offsets, bytes }: Placement): number {
  const readable = steps.flatMap(({ node, plan: kernel }) => {
    if (!kernel?.readsBehind) return [];
    return callsOf(kernel).flatMap((call) => call.inputs).map((i) => {
      const { root, at } = storage.of(node.inputs[i]!);
      return offsets[plan.indexOf.get(root)!] + at + plan.sizeOf(node.inputs[i]!) + kernel.readsBehind!;
    });
  });
  return aligned(Math.max(bytes, ...readable));
}

function memoryOf(model: Model, { steps, plan, placement, storage, arenaBytes }: Layout, order: Program['order']): Memory {
  const buffers: Buffer[] = plan.buffers.map((buffer, i) => ({ ...buffer, offset: placement.offsets[i] }));
  const bufferOf = new Map(buffers.flatMap((buffer) => buffer.values.map((id) => [id, buffer] as const)));
  const addressOf = new Map<ValueId, number>([...bufferOf].map(([id, buffer]) => [id, buffer.offset + storage.of(id).at]));
  return { model, steps, buffers, bufferOf, addressOf, arenaBytes, arenaBoundBytes: placement.boundBytes, order };
}

/** All nodes: those that do something in the given order, views and copies that fell away as soon as their inputs are there. */
function withViews(model: Model, running: readonly Node[]): Node[] {
  const producer = new Map(model.graph.nodes.flatMap((node) => node.outputs.map((id) => [id, node] as const)));
  const done = new Set<Node>();
  const nodes: Node[] = [];
  const add = (node: Node): void => {
    if (done.has(node)) return;
    done.add(node);
    for (const id of node.inputs) {
      const before = id === undefined ? undefined : producer.get(id);
      if (before) add(before);
    }
    nodes.push(node);
  };
  [...running, ...model.graph.nodes.filter((node) => opOf(node).isView), ...model.graph.nodes].forEach(add);
  return nodes;
}

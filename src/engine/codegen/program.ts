import type { Problem } from '../../base/problem';
import { dtypes, isStatic, typeBytes } from '../ir/dtype';
import type { Model, ValueId } from '../ir/types';
import { opOf } from '../ops/table';
import { aligned, place, type Overlay } from '../memory/place';
import { fastest, leastMemory, openSteps, smallest, type Goal, type Step } from './choose-kernels';
import { callsOf, type Backend, type Instance, type Isa, type KernelHeader, type Overlap } from './kernel';
import { codegenProblems } from './problems';

/**
 * What the generated C does, decided once: which kernel runs each step and where each tensor lies. Costs, inspector and
 * emitter all read it, so that the numbers shown are those of the code (invariant 7).
 */
export interface Program {
  readonly model: Model;
  readonly isa: Isa;
  readonly goal: Goal;
  readonly steps: readonly Step[];
  /** Buffers that live at one step may share bytes: a layer's output and an input that it eats up as it goes. */
  readonly buffers: readonly Buffer[];
  /** Buffer of each value that lies in the arena. */
  readonly bufferOf: ReadonlyMap<ValueId, Buffer>;
  readonly arenaBytes: number;
  /** What no placement of this order can go below. */
  readonly arenaBoundBytes: number;
  /** Why no C can be generated; empty where it can. */
  readonly refusals: readonly Problem[];
}

export interface Buffer {
  readonly offset: number;
  readonly bytes: number;
  /** Steps during which it is needed, inclusive; -1 is before the first step. */
  readonly first: number;
  readonly last: number;
  /** Values that share it, in order of appearance: views and in-place results. */
  readonly values: readonly ValueId[];
  readonly role: 'input' | 'output' | 'activation' | 'scratch' | 'state';
}

export interface PlanOptions {
  /** What kernels are chosen for; `speed` where absent. */
  readonly goal?: Goal;
  readonly backend?: Backend;
  /** False: no output may lie over an input that dies with it. What the generated C does not do; for showing what it gains. */
  readonly overwrite?: boolean;
}

/** Takes a lowered model. Total: what cannot be generated is listed in `refusals`, the rest is planned all the same. */
export function planProgram(model: Model, isa: Isa, options: PlanOptions = {}): Program {
  const { goal = 'speed', backend = 'own' } = options;
  const steps = chosenSteps(model, isa, goal, backend);
  const { buffers, bufferOf, arenaBytes, arenaBoundBytes } = planBuffers(model, steps, options);
  return { model, isa, goal, steps, buffers, bufferOf, arenaBytes, arenaBoundBytes, refusals: refusalsOf(model, steps, isa) };
}

function chosenSteps(model: Model, isa: Isa, goal: Goal, backend: Backend): Step[] {
  const open = openSteps(model, isa, backend);
  if (goal === 'flash') return smallest(open);
  return goal === 'ram' ? leastMemory(open, (steps) => planBuffers(model, steps, {}).arenaBytes) : fastest(open);
}

/** Headers that the program needs, each once, those that others need first. */
export function headersOf(program: Pick<Program, 'steps'>): readonly KernelHeader[] {
  const found = new Map<string, KernelHeader>();
  const visit = (header: KernelHeader): void => {
    header.needs?.forEach(visit);
    found.set(header.file, header);
  };
  for (const step of program.steps) if (step.kernel) visit(step.kernel.header);
  return [...found.values()];
}

/** Functions that are made for shapes of this model, each once. */
export const instancesOf = (program: Pick<Program, 'steps'>): readonly Instance[] =>
  [...new Map(program.steps.flatMap((step) => step.plan?.instances ?? []).map((instance) => [instance.name, instance])).values()];

interface OpenBuffer {
  bytes: number;
  first: number;
  last: number;
  values: ValueId[];
  role: Buffer['role'];
}

function planBuffers(model: Model, steps: readonly Step[], { overwrite = true }: PlanOptions): Pick<Program, 'buffers' | 'bufferOf' | 'arenaBytes' | 'arenaBoundBytes'> {
  const { graph } = model;
  const lastUse = lastUses(model, steps);
  const open = new Map<ValueId, OpenBuffer>();
  const all: OpenBuffer[] = [];
  const overlays: Overlay[] = [];
  const wide = hasWideElements(model);
  const sizeOf = (id: ValueId): number => {
    const { type } = graph.values.get(id)!;
    return isStatic(type) ? typeBytes(type) : 0;
  };
  const add = (id: ValueId | undefined, bytes: number, first: number, last: number, role: OpenBuffer['role']): OpenBuffer => {
    const buffer: OpenBuffer = { bytes, first, last, values: id === undefined ? [] : [id], role };
    all.push(buffer);
    if (id !== undefined) open.set(id, buffer);
    return buffer;
  };
  const join = (id: ValueId, buffer: OpenBuffer, last: number): void => {
    buffer.bytes = Math.max(buffer.bytes, sizeOf(id));
    buffer.last = Math.max(buffer.last, last);
    buffer.values.push(id);
    open.set(id, buffer);
  };

  // A state is needed from one run to the next: nothing else may lie there.
  for (const state of graph.states) add(state.input, sizeOf(state.input), -1, steps.length, 'state');
  for (const input of graph.inputs) add(input, sizeOf(input), -1, Math.max(-1, lastUse.get(input) ?? -1), 'input');
  const stepOf = new Map(steps.map((step) => [step.node.id, step]));
  let index = -1;
  for (const node of graph.nodes) {
    const step = stepOf.get(node.id);
    if (!step) {
      const source = open.get(node.inputs[0]!);
      const last = lastUse.get(node.outputs[0]) ?? index;
      if (source) join(node.outputs[0], source, last);
      else add(node.outputs[0], sizeOf(node.outputs[0]), index, last, 'activation');
      continue;
    }
    index = step.index;
    node.outputs.forEach((output, i) => {
      const buffer = add(output, sizeOf(output) + (i === 0 ? (step.plan?.writesBehind ?? 0) : 0), index, lastUse.get(output) ?? index, 'activation');
      if (i > 0) return;
      for (const { input, ...overlap } of overlapsOf(step)) {
        const source = open.get(node.inputs[input]!);
        // The input's memory may be taken only if nobody reads it, or any view of it, after this step.
        if (source && source.last === index && source !== buffer) overlays.push({ over: all.indexOf(buffer), under: all.indexOf(source), ...(wide ? { same: overlap.same } : overlap) });
      }
    });
    const scratch = step.plan?.scratchBytes ?? 0;
    if (scratch > 0) add(undefined, scratch, index, index, 'scratch');
  }
  for (const output of graph.outputs) {
    const buffer = open.get(output);
    if (buffer) [buffer.last, buffer.role] = [steps.length, buffer.role === 'input' ? 'input' : 'output'];
  }

  if (wide) for (const buffer of all) buffer.bytes = Math.ceil(buffer.bytes / WIDE) * WIDE;
  const { offsets, bytes, boundBytes } = place(all, overwrite ? overlays : []);
  const buffers: Buffer[] = all.map((buffer, i) => ({ ...buffer, offset: offsets[i] }));
  const bufferOf = new Map(buffers.flatMap((buffer) => buffer.values.map((id) => [id, buffer] as const)));
  const readable = steps.flatMap(({ node, plan }) => (plan?.readsBehind ? callsOf(plan).flatMap((call) => call.inputs).map((i) => endOf(bufferOf.get(node.inputs[i]!)!) + plan.readsBehind!) : []));
  return { buffers, bufferOf, arenaBytes: aligned(Math.max(bytes, ...readable)), arenaBoundBytes: boundBytes };
}

const WIDE = 8;

/** Elements of 8 bytes want to lie at multiples of 8: so that all blocks do, all sizes are such multiples. */
export const hasWideElements = (model: Model): boolean => [...model.graph.values.values()].some(({ type, constant }) => !constant && dtypes[type.dtype].bits === 8 * WIDE);

const endOf = (buffer: Buffer): number => buffer.offset + buffer.bytes;

/** Where the step's first output may lie: what its kernel says, else what holds for any way to compute the op. */
function overlapsOf(step: Step): readonly Overlap[] {
  if (step.plan?.overlaps) return step.plan.overlaps;
  const input = step.op.inPlace?.(step.view);
  return input === undefined ? [] : [{ input, same: true }];
}

/** Last step that reads each value, through views of it too; graph outputs live to the end. */
function lastUses(model: Model, steps: readonly Step[]): Map<ValueId, number> {
  const last = new Map<ValueId, number>();
  const use = (id: ValueId, step: number): void => void last.set(id, Math.max(last.get(id) ?? -1, step));
  for (const step of steps) for (const input of step.node.inputs) if (input !== undefined) use(input, step.index);
  for (const output of model.graph.outputs) use(output, steps.length);
  for (const state of model.graph.states) use(state.output, steps.length);
  for (const node of [...model.graph.nodes].reverse()) {
    if (opOf(node).isView && last.has(node.outputs[0])) use(node.inputs[0]!, last.get(node.outputs[0])!);
  }
  return last;
}

/** Causes before what follows from them: open inputs, then layers, then outputs. */
function refusalsOf(model: Model, steps: readonly Step[], isa: Isa): Problem[] {
  const { inputs, outputs } = model.graph;
  return [...portRefusals(model, inputs), ...steps.flatMap((step) => layerRefusals(step, isa)), ...portRefusals(model, outputs)];
}

function layerRefusals(step: Step, isa: Isa): Problem[] {
  if (step.kernel) return [];
  const label = step.op.family === 'unknown' ? step.view.text('sourceOp') : step.node.op;
  return [codegenProblems.noKernel(step.node.name, label, reasonOf(step), isa)];
}

function portRefusals(model: Model, ports: readonly ValueId[]): Problem[] {
  return ports.flatMap((id) => {
    const value = model.graph.values.get(id)!;
    if (!isStatic(value.type)) return [codegenProblems.dynamicPort(value.name)];
    return value.constant ? [codegenProblems.constantOutput(value.name)] : [];
  });
}

function reasonOf(step: Step): string {
  if (step.op.family === 'unknown') return step.view.text('reason', 'It is not understood.');
  const types = step.node.inputs.filter((id) => id !== undefined).map((id) => step.view.graph.values.get(id)!.type);
  const dtypes = types.map((type) => `${type.dtype}${type.quantization ? ' quantized' : ''}${isStatic(type) ? '' : ' of unknown shape'}`);
  return `There is no kernel for ${dtypes.join(', ')}.`;
}

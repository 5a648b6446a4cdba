import type { Problem } from '../../base/problem';
import { isStatic } from '../ir/dtype';
import type { Model, NodeId, ValueId } from '../ir/types';
import type { StripSource } from '../passes/row-strips';
import { fastest, leastMemory, openSteps, smallest, type Goal, type Step } from './choose-kernels';
import type { Backend, Instance, Isa, KernelHeader } from './kernel';
import { arenaInOrder, planMemory } from './plan-memory';
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
  /** First byte of each value that lies in the arena: of its buffer, or inside of it. */
  readonly addressOf: ReadonlyMap<ValueId, number>;
  readonly arenaBytes: number;
  /** What no placement of this order can go below. */
  readonly arenaBoundBytes: number;
  readonly order: OrderReport;
  /** Where the first layers are run in strips of rows. */
  readonly strips?: StripReport;
  /** Why no C can be generated; empty where it can. */
  readonly refusals: readonly Problem[];
}

/** What the search for an order of the layers has brought. */
export interface OrderReport {
  /** Arena in the order of the file. */
  readonly fileOrderBytes: number;
  /** True where the layers run in another order. */
  readonly isChanged: boolean;
  /** True where it is proven that no order has a lower peak of live bytes. */
  readonly isOptimal: boolean;
}

/** A first stage in strips of rows. */
export interface StripReport {
  readonly count: number;
  /** Layers of the model that are run so. */
  readonly layers: number;
  /** What a node in strips computes of a node of the lowered model without them. */
  readonly sources: ReadonlyMap<NodeId, StripSource>;
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
  /** False: layers run in the order of the file; for showing what another brings. */
  readonly reorder?: boolean;
}

/** Takes a lowered model. Total: what cannot be generated is listed in `refusals`, the rest is planned all the same. */
export function planProgram(model: Model, isa: Isa, options: PlanOptions = {}): Program {
  const { goal = 'speed', backend = 'own' } = options;
  const steps = chosenSteps(model, isa, goal, backend);
  return { isa, goal, ...planMemory(model, steps, options), refusals: refusalsOf(model, steps, isa) };
}

function chosenSteps(model: Model, isa: Isa, goal: Goal, backend: Backend): Step[] {
  const open = openSteps(model, isa, backend, goal === 'speed');
  if (goal === 'flash') return smallest(open);
  return goal === 'ram' ? leastMemory(open, (steps) => arenaInOrder(model, steps)) : fastest(open);
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

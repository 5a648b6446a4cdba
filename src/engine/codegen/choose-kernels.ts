import { byteLengthOf, isStatic } from '../ir/dtype';
import type { Model, Node } from '../ir/types';
import { NodeView, type OpDefinition } from '../ops/op';
import { opOf } from '../ops/table';
import { callsOf, runsOn, type Backend, type Isa, type Kernel, type KernelHeader, type KernelPlan } from './kernel';

/** What the generated C is best at; the others follow where they cost nothing. */
export const goals = ['speed', 'ram', 'flash'] as const;
export type Goal = (typeof goals)[number];

/** A node that runs, and how. */
export interface Step {
  readonly index: number;
  readonly node: Node;
  readonly view: NodeView;
  readonly op: OpDefinition;
  /** Absent where no kernel computes this node on this instruction set. */
  readonly kernel?: Kernel;
  readonly plan?: KernelPlan;
}

/** Steps with every kernel that supports them, the fastest first. */
export interface OpenStep extends Omit<Step, 'kernel' | 'plan'> {
  readonly choices: readonly { readonly kernel: Kernel; readonly plan: KernelPlan }[];
}

/** A chosen library computes all layers that it can. `fastestOnly`: other kernels are not asked for what they would do. */
export function openSteps(model: Model, isa: Isa, backend: Backend, fastestOnly = false): OpenStep[] {
  const running = model.graph.nodes.filter((node) => !opOf(node).isView);
  const views = running.map((node) => new NodeView(model.graph, node, model.rounding));
  return running.map((node, index) => {
    const view = views[index];
    const op = opOf(node);
    const isKnown = node.outputs.every((_, i) => isStatic(view.output(i).type)) && node.inputs.every((id, i) => id === undefined || isStatic(view.type(i)));
    const kernels = isKnown ? (op.kernels ?? []).filter((k) => runsOn(k, isa) && (!k.backend || k.backend === backend)) : [];
    const ofLibrary = kernels.find((kernel) => kernel.backend && kernel.supports(view, views));
    const first = ofLibrary ?? (fastestOnly ? kernels.find((kernel) => !kernel.backend && kernel.supports(view, views)) : undefined);
    const able = first ? [first] : fastestOnly ? [] : kernels.filter((kernel) => kernel.supports(view, views));
    return { index, node, view, op, choices: able.map((kernel) => ({ kernel, plan: kernel.plan(view, views) })) };
  });
}

/** The step with one of its kernels. */
export const stepWith = ({ choices, ...step }: OpenStep, choice: number): Step => ({ ...step, ...(choices[choice] ?? {}) });

export const fastest = (steps: readonly OpenStep[]): Step[] => steps.map((step) => stepWith(step, 0));

/** What another call of a function that is there already adds. */
export const CALL_BYTES = 20;

/**
 * The kernels that take the fewest bytes of constants and code together. Code that several layers share is counted for the first
 * of them: one layer after another, so this is near the least, not always at it.
 */
export function smallest(steps: readonly OpenStep[]): Step[] {
  const there = new Set<string>();
  return steps.map((step) => {
    const costs = step.choices.map((choice) => addedBytes(choice.kernel, choice.plan, there));
    const best = costs.indexOf(Math.min(...costs));
    const chosen = step.choices[best];
    if (chosen) addedBytes(chosen.kernel, chosen.plan, there, true);
    return stepWith(step, Math.max(0, best));
  });
}

function addedBytes(kernel: Kernel, plan: KernelPlan, there: Set<string>, adds = false): number {
  const once = (name: string, bytes: number, again = 0): number => {
    if (there.has(name)) return again;
    if (adds) there.add(name);
    return bytes;
  };
  const headers = (header: KernelHeader): number => once(header.file, header.codeBytes ?? 0) + (header.needs ?? []).reduce((sum, need) => sum + headers(need), 0);
  const constants = callsOf(plan).flatMap((call) => call.constants).reduce((sum, { dtype, elements }) => sum + byteLengthOf(dtype, elements), 0);
  const instances = (plan.instances ?? []).reduce((sum, { name, codeBytes }) => sum + once(name, codeBytes), 0);
  return constants + headers(kernel.header) + instances + once(plan.function, plan.codeBytes, CALL_BYTES);
}

/** The kernels with the least scratch, where that lowers the arena: `arenaBytes` tells what a choice needs. */
export function leastMemory(steps: readonly OpenStep[], arenaBytes: (steps: readonly Step[]) => number): Step[] {
  const chosen = fastest(steps);
  const lean = steps.map((step) => stepWith(step, step.choices.reduce((best, { plan }, i) => (scratchOf(plan) < scratchOf(step.choices[best].plan) ? i : best), 0)));
  const least = arenaBytes(lean);
  if (least >= arenaBytes(chosen)) return chosen;
  // Fast kernels come back one by one where they do not raise the arena again.
  const result = [...lean];
  steps.forEach((_, i) => {
    if (lean[i].kernel === chosen[i].kernel) return;
    const tried = result.map((step, k) => (k === i ? chosen[i] : step));
    if (arenaBytes(tried) <= least) result[i] = chosen[i];
  });
  return result;
}

const scratchOf = (plan: KernelPlan): number => (plan.scratchBytes ?? 0) + (plan.readsBehind ?? 0) + (plan.writesBehind ?? 0);

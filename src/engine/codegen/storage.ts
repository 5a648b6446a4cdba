import { isStatic, typeBytes } from '../ir/dtype';
import type { Model, Node, ValueId } from '../ir/types';
import { opOf } from '../ops/table';
import { unitOf } from './buffer-plan';
import type { Step } from './choose-kernels';

/** Where a value lies: in the memory of `root`, `at` bytes from its start. A root lies in its own. */
export interface Home {
  readonly root: ValueId;
  readonly at: number;
}

/** Which values lie inside of others: views, parts that are written straight into the whole, and slices that are read in place. */
export class Storage {
  private readonly parents = new Map<ValueId, { readonly id: ValueId; readonly at: number }>();
  /** Steps that write into a root, first and last. */
  private readonly writes = new Map<ValueId, { first: number; last: number }>();
  /** Bytes behind the end of a root that a kernel may overwrite. */
  private readonly behind = new Map<ValueId, number>();
  private readonly fixed: ReadonlySet<ValueId>;
  private readonly kept: ReadonlySet<ValueId>;
  private readonly unit: number;

  /** `isLaid` says which nodes of those that could do without a copy shall. */
  constructor(private readonly model: Model, steps: readonly Step[], isLaid: (node: Node) => boolean) {
    const { graph } = model;
    this.unit = unitOf(model);
    this.kept = new Set(graph.states.map((state) => state.input));
    this.fixed = new Set([...graph.inputs, ...this.kept]);
    for (const step of steps) {
      step.node.outputs.forEach((id) => this.writes.set(id, { first: step.index, last: step.index }));
      if (step.plan?.writesBehind) this.behind.set(step.node.outputs[0], step.plan.writesBehind);
    }
    for (const node of graph.nodes) {
      if (opOf(node).isView && !graph.values.get(node.inputs[0]!)!.constant) this.parents.set(node.outputs[0], { id: node.inputs[0]!, at: 0 });
    }
    const laid = steps.filter((step) => step.plan && isLaid(step.node));
    for (const step of laid) this.join(step);
    for (const step of laid) this.cut(step);
  }

  of(id: ValueId): Home {
    let [root, at] = [id, 0];
    for (let parent = this.parents.get(root); parent; parent = this.parents.get(root)) [root, at] = [parent.id, at + parent.at];
    return { root, at };
  }

  /** True where the input of a join, or the output of a cut, already lies where it belongs: nothing is left to copy. */
  isInPlace(step: Step, input: number, output: number): boolean {
    const ranges = step.op.ranges?.(step.view);
    if (!ranges) return false;
    const at = ranges.parts === 'inputs' ? ranges.at[input] : ranges.at[output];
    if (at === undefined) return false;
    const [whole, part] = ranges.parts === 'inputs' ? [step.node.outputs[0], step.node.inputs[input]!] : [step.node.inputs[0]!, step.node.outputs[output]];
    const [of, to] = [this.of(whole), this.of(part)];
    return of.root === to.root && to.at === of.at + at;
  }

  /** Parts go straight into the whole, where nothing else needs them elsewhere. */
  private join(step: Step): void {
    const ranges = step.op.ranges?.(step.view);
    if (ranges?.parts !== 'inputs') return;
    const whole = step.node.outputs[0];
    const laterWrites = (i: number): number => Math.min(...step.node.inputs.slice(i + 1).map((id) => this.writes.get(this.of(id!).root)?.first ?? -1), step.index);
    const parts = step.node.inputs.flatMap((id, i) => {
      const at = ranges.at[i];
      const root = this.of(id!);
      if (at === undefined || root.at !== 0 || root.root === whole || this.fixed.has(root.root) || this.sizeOf(root.root) !== this.sizeOf(id!)) return [];
      if ((this.of(whole).at + at) % this.unit || step.node.inputs.indexOf(id!) !== i) return [];
      const writes = this.writes.get(root.root);
      if (!writes || ((this.behind.get(root.root) ?? 0) > 0 && laterWrites(i) <= writes.last)) return [];
      return [{ root: root.root, at, writes, end: at + this.sizeOf(root.root) + (this.behind.get(root.root) ?? 0) }];
    });
    const own = this.writes.get(whole)!;
    for (const { root, at, writes, end } of parts) {
      if (this.parents.has(root)) continue;
      this.parents.set(root, { id: whole, at });
      own.first = Math.min(own.first, writes.first);
      this.behind.set(whole, Math.max(this.behind.get(whole) ?? 0, end - this.sizeOf(whole)));
    }
  }

  /** Parts are read where they lie in the whole. */
  private cut(step: Step): void {
    const ranges = step.op.ranges?.(step.view);
    const whole = step.node.inputs[0]!;
    if (ranges?.parts !== 'outputs' || !this.writes.has(this.of(whole).root) && !this.fixed.has(this.of(whole).root)) return;
    const { root, at: from } = this.of(whole);
    // What a state will hold next must not lie in what it holds now.
    if (this.kept.has(root)) return;
    step.node.outputs.forEach((id, i) => {
      const at = ranges.at[i];
      if (at !== undefined && (from + at) % this.unit === 0 && !this.parents.has(id)) this.parents.set(id, { id: whole, at });
    });
  }

  private sizeOf(id: ValueId): number {
    const { type } = this.model.graph.values.get(id)!;
    return isStatic(type) ? typeBytes(type) : 0;
  }
}

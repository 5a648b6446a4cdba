import { typeBytes } from '../ir/dtype';
import type { Model, Node, StaticType, ValueId } from '../ir/types';
import { boundOf } from '../memory/bound';
import type { Interval, Overlay } from '../memory/place';
import { rowsOf, type Stage, type StripStep } from './strip-schedule';

/** What a layer of the whole model takes besides its tensors. */
export interface LayerMemory {
  readonly scratchBytes: number;
  /** Its result may lie over the first input. */
  readonly overlaps: boolean;
}

/** Bytes that a stage in strips needs at its worst moment: near the arena of its plan, found without making it. For ranking only. */
export function stripBytes(model: Model, stage: Stage, schedule: readonly StripStep[], memoryOf: (node: Node) => LayerMemory): number {
  const rowBytes = new Map([stage.source, ...stage.nodes.map((node) => node.outputs[0])].map((id) => [id, typeBytes(model.graph.values.get(id)!.type as StaticType) / rowsOf(model, id)]));
  const intervals: (Interval & { last: number })[] = [];
  const overlays: Overlay[] = [];
  const put = (bytes: number, first: number, last = first): number => intervals.push({ bytes: Math.ceil(bytes), first, last }) - 1;
  const whole = (id: ValueId): number => rowBytes.get(id)! * rowsOf(model, id);
  const byRows = schedule.some((step) => step.value === stage.source);
  const held = new Map<ValueId, number>([[stage.result, put(whole(stage.result), schedule.findIndex((step) => step.value === stage.result), schedule.length)]]);
  if (!byRows) held.set(stage.source, put(whole(stage.source), 0, schedule.length - 1));
  schedule.forEach(({ node, value, from, to, keep }, at) => {
    const inputs = node ? [...new Set(node.inputs)].flatMap((id) => (id !== undefined && held.has(id) ? [held.get(id)!] : [])) : [];
    for (const input of inputs) intervals[input].last = Math.max(intervals[input].last, at);
    const memory = node && memoryOf(node);
    if (memory?.scratchBytes) put(memory.scratchBytes, at);
    if (value === stage.result) return;
    // Rows that are kept move within their own memory as it becomes the memory of the next ones.
    const before = held.get(value);
    if (before !== undefined && keep < from) intervals[before].last = Math.max(intervals[before].last, at - 1);
    held.set(value, put(rowBytes.get(value)! * (to - Math.min(keep, from)), at));
    if (memory?.overlaps && inputs.length) overlays.push({ over: held.get(value)!, under: inputs[0], same: true });
  });
  if (!byRows) overlays.push({ over: held.get(stage.result)!, under: held.get(stage.source)!, same: false, before: lead(stage, schedule, rowBytes) });
  const live = overlays.filter(({ over, under }) => intervals[under].last <= intervals[over].first || over === held.get(stage.result));
  return boundOf(intervals, live);
}

/** How far before the source the result must start so that it never reaches rows that are still read. */
function lead(stage: Stage, schedule: readonly StripStep[], rowBytes: ReadonlyMap<ValueId, number>): number {
  let [needed, most] = [Infinity, -Infinity];
  for (const step of [...schedule].reverse()) {
    if (step.node?.inputs.includes(stage.source)) needed = Math.min(needed, step.begin * rowBytes.get(stage.source)!);
    if (step.value === stage.result && needed < Infinity) most = Math.max(most, step.to * rowBytes.get(stage.result)! - needed);
  }
  return most;
}

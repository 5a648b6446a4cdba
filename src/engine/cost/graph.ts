import type { Program } from '../codegen/program';
import type { Graph, ValueId } from '../ir/types';
import { UNKNOWN_SHAPE } from './report';

/** A tensor that passes from one layer to another. Negative numbers are the model's ports: see `portId`. */
export interface Passage {
  readonly from: number;
  readonly to: number;
  readonly tensor: string;
  readonly shape: readonly number[];
}

/** The steps of a program as a network: who reads whose result. Views (reshapes, parts that lie side by side) cost nothing and are looked through. */
export interface Network {
  readonly ports: readonly { readonly id: number; readonly kind: 'input' | 'output'; readonly name: string }[];
  /** In execution order of the reader; each pair of layers once for each tensor. */
  readonly passages: readonly Passage[];
}

/** Inputs of the model are -1, -2, …; its outputs follow behind them. */
export const portId = (position: number): number => -1 - position;

export function networkOf(program: Program): Network {
  const { graph } = program.model;
  const stepOf = new Map(program.steps.map((step) => [step.node.id, step.index]));
  const sources = new Map<ValueId, readonly number[]>();
  graph.inputs.forEach((id, i) => sources.set(id, [portId(i)]));
  const passages: Passage[] = [];
  const pass = (id: ValueId, to: number): void => {
    for (const from of sources.get(id) ?? []) if (from !== to) passages.push({ from, to, ...tensorOf(graph, id) });
  };
  for (const node of graph.nodes) {
    const step = stepOf.get(node.id);
    if (step === undefined) {
      // A concatenation without a copy has all of its parts behind it.
      const joined = [...new Set(node.inputs.flatMap((id) => (id === undefined ? [] : (sources.get(id) ?? []))))];
      for (const id of node.outputs) sources.set(id, joined);
      continue;
    }
    for (const id of new Set(node.inputs)) if (id !== undefined) pass(id, step);
    for (const id of node.outputs) sources.set(id, [step]);
  }
  const first = graph.inputs.length;
  graph.outputs.forEach((id, i) => pass(id, portId(first + i)));
  const nameOf = (id: ValueId): string => graph.values.get(id)!.name;
  return {
    ports: [
      ...graph.inputs.map((id, i) => ({ id: portId(i), kind: 'input' as const, name: nameOf(id) })),
      ...graph.outputs.map((id, i) => ({ id: portId(first + i), kind: 'output' as const, name: nameOf(id) })),
    ],
    passages,
  };
}

function tensorOf({ values }: Graph, id: ValueId): Pick<Passage, 'tensor' | 'shape'> {
  const { name, type } = values.get(id)!;
  return { tensor: name, shape: type.shape ?? UNKNOWN_SHAPE };
}

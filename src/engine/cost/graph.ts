import type { Program } from '../codegen/program';
import type { Graph, ValueId } from '../ir/types';

/** A tensor that passes from one layer to another. Negative numbers are the model's ports: see `portId`. */
export interface Passage {
  readonly from: number;
  readonly to: number;
  readonly tensor: string;
  readonly shape: readonly number[];
}

/** The steps of a program as a network: who reads whose result. Views (reshapes) cost nothing and are looked through. */
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
  const source = new Map<ValueId, number>();
  graph.inputs.forEach((id, i) => source.set(id, portId(i)));
  const passages: Passage[] = [];
  const pass = (id: ValueId, to: number): void => {
    const from = source.get(id);
    if (from !== undefined && from !== to) passages.push({ from, to, ...tensorOf(graph, id) });
  };
  for (const node of graph.nodes) {
    const step = stepOf.get(node.id);
    if (step === undefined) {
      const from = source.get(node.inputs[0]!);
      if (from !== undefined) source.set(node.outputs[0], from);
      continue;
    }
    for (const id of new Set(node.inputs)) if (id !== undefined) pass(id, step);
    for (const id of node.outputs) source.set(id, step);
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
  return { tensor: name, shape: type.shape ?? [] };
}

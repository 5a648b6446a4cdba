import type { GraphProto, NodeProto, TensorProto, ValueInfoProto } from './schema';

/** Where what is written goes: one graph of the file. */
export class GraphParts {
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  /** Nobody can infer the types behind an opaque node: they are written out. */
  readonly opaqueTypes: ValueInfoProto[] = [];
  /** Nodes may have names of values: where a file does without names, a node has that of its output. */
  readonly takenByNodes = new Set<string>();

  constructor(readonly taken: Set<string>, readonly domains: Map<string, number>, readonly noted: Set<string>) {}

  toProto(name: string, input: ValueInfoProto[], output: ValueInfoProto[]): GraphProto {
    return { name, node: this.nodes, initializer: this.initializers, input, output, valueInfo: this.opaqueTypes, sparseInitializer: [] };
  }
}

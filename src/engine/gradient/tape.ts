import type { OnnxAttributeValue } from '../formats/onnx/mapping';
import { modelProto, type ModelProto, type NodeProto, type TensorProto } from '../formats/onnx/schema';
import { writeTensorProto } from '../formats/onnx/tensor-proto';
import { encodeMessage } from '../formats/onnx/wire';
import { attributeProto, valueInfo } from '../formats/onnx/written-parts';
import { constantOf, tensorOf } from '../ir/tensor';
import type { StaticType } from '../ir/types';

/** A named tensor at the edge of a graph. */
export interface Port {
  readonly name: string;
  readonly type: StaticType;
}

/** ScatterElements adds from this operator set on; the file version that goes with it. Source: onnx docs/Versioning.md. */
const [OPSET, IR_VERSION] = [18, 8];

/** The nodes of a graph that computes gradients, in order, while it is put together. Images have channels first. */
export class Tape {
  private readonly nodes: NodeProto[] = [];
  private readonly initializers: TensorProto[] = [];
  private readonly known = new Map<string, string>();
  private next = 0;

  constructor(
    /** Samples at a time: axis 0 of everything that depends on the input. */
    readonly batch: number,
  ) {}

  /** A node with one output: its name. */
  emit(opType: string, inputs: readonly string[], attributes: Readonly<Record<string, OnnxAttributeValue>> = {}): string {
    return this.emitAll(opType, inputs, 1, attributes)[0];
  }

  emitAll(opType: string, inputs: readonly string[], outputs: number, attributes: Readonly<Record<string, OnnxAttributeValue>> = {}): string[] {
    const names = Array.from({ length: outputs }, () => `t${this.next++}`);
    this.add(opType, inputs, names, attributes);
    return names;
  }

  /** What a node makes gets this name, as outputs of the graph need it. */
  name(from: string, to: string): void {
    this.add('Identity', [from], [to], {});
  }

  constant(type: StaticType, data: ArrayLike<number>): string {
    const name = `c${this.initializers.length}`;
    this.initializers.push(writeTensorProto(name, type, constantOf(tensorOf(type, data))));
    return name;
  }

  /** A list of integers, such as a shape; the same list is written once. */
  integers(list: readonly number[]): string {
    return this.once(`[${list.join()}]`, () => this.constant({ dtype: 'int64', shape: [list.length] }, list));
  }

  number(x: number): string {
    return this.once(String(x), () => this.constant({ dtype: 'float32', shape: [] }, [x]));
  }

  reshape(name: string, shape: readonly number[]): string {
    return this.emit('Reshape', [name, this.integers(shape)]);
  }

  transpose(name: string, permutation: readonly number[]): string {
    return this.emit('Transpose', [name], { perm: permutation });
  }

  sum(name: string, axes: readonly number[], keepdims: 0 | 1 = 0): string {
    return axes.length ? this.emit('ReduceSum', [name, this.integers(axes)], { keepdims }) : name;
  }

  scaled(name: string, factor: number): string {
    return this.emit('Mul', [name, this.number(factor)]);
  }

  /** The graph as an ONNX file. */
  toOnnx(inputs: readonly Port[], outputs: readonly Port[]): Uint8Array {
    const info = ({ name, type }: Port): ReturnType<typeof valueInfo> => valueInfo(name, type);
    const proto: ModelProto = {
      irVersion: IR_VERSION, producerName: 'TinyML Workbench', opsetImport: [{ domain: '', version: OPSET }], metadataProps: [], functions: [],
      graph: { name: 'gradient', node: this.nodes, initializer: this.initializers, input: inputs.map(info), output: outputs.map(info), valueInfo: [], sparseInitializer: [] },
    };
    return encodeMessage(modelProto, proto);
  }

  private once(key: string, make: () => string): string {
    const before = this.known.get(key);
    if (before !== undefined) return before;
    const name = make();
    this.known.set(key, name);
    return name;
  }

  private add(opType: string, input: readonly string[], output: string[], attributes: Readonly<Record<string, OnnxAttributeValue>>): void {
    const attribute = Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [attributeProto(key, value)]));
    this.nodes.push({ opType, name: `n${this.nodes.length}`, input: [...input], output, attribute });
  }
}

/** Small ONNX files, written field by field: what exporters write, and what they should not. */
import {
  attributeType, modelProto, type AttributeProto, type FunctionProto, type GraphProto, type ModelProto, type NodeProto, type SparseTensorProto, type TensorProto, type ValueInfoProto,
} from '../../src/engine/formats/onnx/schema';
import { onnxOfDtype } from '../../src/engine/formats/onnx/tensor-proto';
import { encodeText } from '../../src/engine/formats/onnx/text';
import { encodeMessage } from '../../src/engine/formats/onnx/wire';
import { encodeBytes, tensorOf } from '../../src/engine/ir/tensor';
import type { DType } from '../../src/engine/ir/types';

type Value = number | string | readonly number[] | TensorProto | GraphProto | { readonly float: number } | { readonly floats: number[] } | { readonly reference: string; readonly type: number };

const emptyLists = { floats: [], ints: [], strings: [], tensors: [], graphs: [] };

export function attribute(name: string, value: Value): AttributeProto {
  const base = { ...emptyLists, name };
  if (typeof value === 'number') return { ...base, i: value, type: attributeType.INT };
  if (typeof value === 'string') return { ...base, s: encodeText(value), type: attributeType.STRING };
  if (Array.isArray(value)) return { ...base, ints: [...(value as number[])], type: attributeType.INTS };
  if ('floats' in value && !('node' in value)) return { ...base, floats: value.floats, type: attributeType.FLOATS };
  if ('float' in value) return { ...base, f: value.float, type: attributeType.FLOAT };
  if ('reference' in value) return { ...base, refAttrName: value.reference, type: value.type };
  if ('node' in value) return { ...base, g: value as GraphProto, type: attributeType.GRAPH };
  return { ...base, t: value as TensorProto, type: attributeType.TENSOR };
}

export const node = (opType: string, input: string[], output: string[], attributes: Readonly<Record<string, Value>> = {}, more: Partial<NodeProto> = {}): NodeProto => ({
  opType, input, output, attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)), ...more,
});

const noLists = { floatData: [], int32Data: [], stringData: [], int64Data: [], doubleData: [], uint64Data: [], externalData: [] };

export const tensor = (name: string, dtype: DType, dims: number[], values: readonly number[]): TensorProto => ({
  ...noLists, name, dims, dataType: onnxOfDtype(dtype), rawData: encodeBytes(dtype, tensorOf({ dtype, shape: dims }, values).data),
});

/** A tensor whose data lie in another file. */
export const externalTensor = (name: string, dims: number[], location: string, offset = 0): TensorProto => ({
  ...noLists, name, dims, dataType: onnxOfDtype('float32'), dataLocation: 1, externalData: [{ key: 'location', value: location }, { key: 'offset', value: String(offset) }],
});

/** A text is a named dimension. */
export const port = (name: string, dims: readonly (number | string)[] = [], dtype: DType = 'float32'): ValueInfoProto => ({
  name, type: { tensor: { elementType: onnxOfDtype(dtype), shape: { dims: dims.map((d) => (typeof d === 'number' ? { value: d } : { parameter: d })) } } },
});

export interface GraphParts {
  readonly nodes: NodeProto[];
  readonly inputs?: ValueInfoProto[];
  readonly outputs: ValueInfoProto[];
  readonly initializers?: TensorProto[];
  readonly sparse?: SparseTensorProto[];
  readonly doc?: string;
}

export const graph = (parts: GraphParts): GraphProto => ({
  name: 'graph', node: parts.nodes, input: parts.inputs ?? [], output: parts.outputs, initializer: parts.initializers ?? [], sparseInitializer: parts.sparse ?? [], valueInfo: [], docString: parts.doc,
});

export interface ModelParts extends GraphParts {
  readonly irVersion?: number;
  readonly opset?: number;
  readonly domains?: Readonly<Record<string, number>>;
  readonly functions?: FunctionProto[];
  readonly metadata?: Readonly<Record<string, string>>;
}

export function modelFile(parts: ModelParts): Uint8Array {
  const proto: ModelProto = {
    irVersion: parts.irVersion ?? 8, producerName: 'test', docString: parts.doc, graph: graph(parts), functions: parts.functions ?? [],
    opsetImport: [{ domain: '', version: parts.opset ?? 17 }, ...Object.entries(parts.domains ?? {}).map(([domain, version]) => ({ domain, version }))],
    metadataProps: Object.entries(parts.metadata ?? {}).map(([key, value]) => ({ key, value })),
  };
  return encodeMessage(modelProto, proto);
}

export const modelFunction = (name: string, input: string[], output: string[], nodes: NodeProto[], more: Partial<FunctionProto> = {}): FunctionProto => ({
  name, domain: 'custom', input, output, node: nodes, attribute: [], attributeProto: [], opsetImport: [{ domain: '', version: 17 }, { domain: 'custom', version: 1 }], ...more,
});

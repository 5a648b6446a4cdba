import { encodeMessage } from '../../src/engine/formats/onnx/wire';
import { modelProto, type GraphProto, type ModelProto, type NodeProto, type TensorProto, type ValueInfoProto } from '../../src/engine/formats/onnx/schema';

/** ONNX files written by hand, for what no exporter would write. */

export const nodeProto = (opType: string, input: string[], output: string[], attribute: NodeProto['attribute'] = [], domain?: string): NodeProto => ({ opType, input, output, attribute, domain, name: `${opType}_${output[0]}` });

export const ints = (name: string, values: number[]): NodeProto['attribute'][number] => ({ name, ints: values, type: 7, floats: [], strings: [], tensors: [], graphs: [] });

export const floatInfo = (name: string, shape: number[]): ValueInfoProto => ({ name, type: { tensor: { elementType: 1, shape: { dims: shape.map((value) => ({ value })) } } } });

export const floatTensor = (name: string, dims: number[], values?: number[]): TensorProto => ({
  name, dims, dataType: 1, floatData: values ?? Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => (i % 7) / 7 - 0.4),
  int32Data: [], stringData: [], int64Data: [], doubleData: [], uint64Data: [], externalData: [],
});

export function onnxFile(graph: Partial<GraphProto>, model: Partial<ModelProto> = {}): Uint8Array {
  return encodeMessage(modelProto, {
    irVersion: 8, opsetImport: [{ domain: '', version: 17 }], metadataProps: [], functions: [],
    graph: { node: [], initializer: [], input: [], output: [], valueInfo: [], sparseInitializer: [], name: 'graph', ...graph },
    ...model,
  } as ModelProto);
}

import type { TensorType } from '../../ir/types';
import type { OnnxAttributeValue } from './mapping';
import { attributeType, type AttributeProto, type GraphProto, type ValueInfoProto } from './schema';
import { onnxOfDtype } from './tensor-proto';
import { encodeText } from './text';

export function attributeProto(name: string, value: Exclude<OnnxAttributeValue, undefined>): AttributeProto {
  const base = { name, floats: [], ints: [], strings: [], tensors: [], graphs: [] };
  if (typeof value === 'number') return { ...base, i: value, type: attributeType.INT };
  if (typeof value === 'string') return { ...base, s: encodeText(value), type: attributeType.STRING };
  if ('float' in value) return { ...base, f: value.float, type: attributeType.FLOAT };
  if ('node' in value) return { ...base, g: value, type: attributeType.GRAPH };
  if ('floats' in value) return { ...base, floats: [...value.floats], type: attributeType.FLOATS };
  if (typeof value[0] === 'string') return { ...base, strings: (value as readonly string[]).map(encodeText), type: attributeType.STRINGS };
  return { ...base, ints: [...(value as readonly number[])], type: attributeType.INTS };
}

export function valueInfo(name: string, type: TensorType, axisNames?: readonly string[]): ValueInfoProto {
  const dims = type.shape?.map((extent, axis) => (extent >= 0 ? { value: extent } : { parameter: axisNames?.[axis] || `${name}_${axis}` }));
  if (type.dtype === 'other') return { name };
  return { name, type: { tensor: { elementType: onnxOfDtype(type.dtype), ...(dims ? { shape: { dims } } : {}) } } };
}

export const knownInfo = (name: string, type: TensorType): ValueInfoProto[] => (type.shape ? [valueInfo(name, type)] : []);

/** Names of outer values inside of a subgraph, changed to what they are called now. */
export function renameCaptured(attribute: AttributeProto, renamed: ReadonlyMap<string, string>): AttributeProto {
  if (![...renamed].some(([from, to]) => from !== to) || (!attribute.g && !attribute.graphs.length)) return attribute;
  const name = (old: string): string => renamed.get(old) ?? old;
  const inGraph = (graph: GraphProto): GraphProto => ({
    ...graph,
    output: graph.output.map((output) => ({ ...output, name: name(output.name ?? '') })),
    node: graph.node.map((node) => ({ ...node, input: node.input.map(name), attribute: node.attribute.map((inner) => renameCaptured(inner, renamed)) })),
  });
  return { ...attribute, g: attribute.g && inGraph(attribute.g), graphs: attribute.graphs.map(inGraph) };
}

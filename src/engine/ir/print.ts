import { fnv1a32, toHex32 } from '../../base/bytes';
import type { Attribute, Graph, Model, TensorType, Value, ValueId } from './types';

/** A stable text of a model: what goldens are written in. Constants appear by type and hash. */
export function printModel(model: Model): string {
  const opsets = [...model.opsets].map(([domain, version]) => `${domain || 'ai.onnx'}=${version}`).join(' ');
  return [`model ${model.name} ${model.format} ${model.rounding}${opsets ? ` ${opsets}` : ''}`, ...printGraph(model.graph)].join('\n') + '\n';
}

export function printGraph(graph: Graph): string[] {
  const value = (id: ValueId | undefined): string => (id === undefined ? '-' : printValue(graph.values.get(id)!));
  return [
    `in  ${graph.inputs.map(value).join(', ')}`,
    ...graph.states.map((state) => `state ${state.name}: ${value(state.input)} <- ${nameOf(graph, state.output)}`),
    ...graph.nodes.map((node) => {
      const attributes = Object.entries(node.attributes).filter(([, a]) => a !== undefined);
      const text = attributes.map(([key, attribute]) => `${key}=${printAttribute(attribute)}`).join(' ');
      return `    ${node.outputs.map(value).join(', ')} = ${node.op}(${node.inputs.map((i) => nameOf(graph, i)).join(', ')})${text ? ` {${text}}` : ''}`;
    }),
    `out ${graph.outputs.map((id) => nameOf(graph, id)).join(', ')}`,
  ];
}

function nameOf(graph: Graph, id: ValueId | undefined): string {
  if (id === undefined) return '-';
  const value = graph.values.get(id)!;
  return value.constant ? `${printType(value.type)}@${toHex32(fnv1a32(value.constant.bytes()))}` : `%${value.name}`;
}

const printValue = (value: Value): string => `%${value.name}: ${printType(value.type)}`;

export function printType(type: TensorType): string {
  const shape = type.shape ? `[${type.shape.map((d) => (d < 0 ? '?' : d)).join('x')}]` : '[*]';
  const q = type.quantization;
  if (!q) return `${type.dtype}${shape}`;
  const scale = q.scale.length > 2 ? `${q.scale[0]}..x${q.scale.length}` : q.scale.join(',');
  const zeroPoint = q.zeroPoint.every((z) => z === q.zeroPoint[0]) ? q.zeroPoint[0] : 'per-channel';
  return `${type.dtype}${shape}q(${scale}; ${zeroPoint}${q.axis === undefined ? '' : `; axis ${q.axis}`}${q.block ? `; runs of ${q.block.size} on axis ${q.block.axis}` : ''})`;
}

function printAttribute(attribute: Attribute): string {
  if (attribute instanceof Uint8Array) return `bytes@${toHex32(fnv1a32(attribute))}`;
  if (typeof attribute === 'object' && 'kind' in attribute) return attribute.kind === 'tensor' ? printType(attribute.type) : `(${printGraph(attribute.graph).join('; ')})`;
  return JSON.stringify(attribute);
}

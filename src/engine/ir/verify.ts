import { dtypes, elementCount, isStatic, typeBytes } from './dtype';
import type { Graph, ValueId } from './types';

/**
 * What is wrong with a graph, as sentences; empty for a well-formed one. Run after import and after every pass in tests.
 * Checks: ids resolve, single assignment, order, quantization lengths, constants' sizes.
 */
export function verifyGraph(graph: Graph): string[] {
  const wrong: string[] = [];
  const defined = new Set<ValueId>([...graph.inputs, ...graph.states.map((state) => state.input)]);
  const describe = (id: ValueId): string => `${graph.values.get(id)?.name ?? '?'} (#${id})`;

  for (const value of graph.values.values()) {
    const { type, constant } = value;
    const quantization = type.quantization;
    if (constant) {
      defined.add(value.id);
      if (!isStatic(type)) wrong.push(`constant ${describe(value.id)} has no static shape`);
      else if (dtypes[type.dtype].bits && constant.byteLength !== typeBytes(type)) {
        wrong.push(`constant ${describe(value.id)} has ${constant.byteLength} bytes, its type needs ${typeBytes(type)}`);
      }
    }
    if (quantization) {
      const { scale, zeroPoint, axis, block } = quantization;
      if (scale.length !== zeroPoint.length) wrong.push(`${describe(value.id)} has ${scale.length} scales and ${zeroPoint.length} zero points`);
      if (axis === undefined && scale.length !== 1) wrong.push(`${describe(value.id)} has ${scale.length} scales but no axis`);
      const blocks = block && type.shape ? Math.ceil(type.shape[block.axis] / block.size) : 1;
      if (block && !constant) wrong.push(`${describe(value.id)} has scales in blocks and is no constant`);
      if (axis !== undefined && type.shape && type.shape[axis] * blocks !== scale.length) {
        wrong.push(`${describe(value.id)} has ${scale.length} scales for extent ${type.shape[axis]}`);
      }
    }
    if (type.shape && !Number.isSafeInteger(elementCount(type.shape))) wrong.push(`${describe(value.id)} is too large to count`);
  }
  for (const node of graph.nodes) {
    for (const input of node.inputs) {
      if (input !== undefined && !defined.has(input)) wrong.push(`${node.name} reads ${describe(input)} before it is made`);
    }
    for (const output of node.outputs) {
      if (!graph.values.has(output)) wrong.push(`${node.name} makes unknown value #${output}`);
      if (defined.has(output)) wrong.push(`${describe(output)} is made twice`);
      defined.add(output);
    }
  }
  for (const state of graph.states) {
    if (!defined.has(state.output)) wrong.push(`state ${state.name} is never written`);
    const [before, after] = [graph.values.get(state.input)?.type, graph.values.get(state.output)?.type];
    if (before?.dtype !== after?.dtype || before?.shape?.join() !== after?.shape?.join()) wrong.push(`state ${state.name} changes its type`);
  }
  for (const output of graph.outputs) if (!defined.has(output)) wrong.push(`output ${describe(output)} is never made`);
  return wrong;
}

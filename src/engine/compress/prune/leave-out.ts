import { elementCount } from '../../ir/dtype';
import { GraphEditor } from '../../ir/edit';
import { constantTensor, emptyData, lazyConstant, type Tensor } from '../../ir/tensor';
import type { Model, StaticType, ValueId } from '../../ir/types';
import { keptQuantization } from '../../ops/channels';
import { NodeView } from '../../ops/op';
import { opOf } from '../../ops/table';
import type { Unit } from './units';

/** Entries that stay, by axis; axes that lose nothing are left out. */
export type KeptEntries = ReadonlyMap<ValueId, ReadonlyMap<number, readonly number[]>>;

export function keptEntries(model: Model, units: readonly Unit[]): KeptEntries {
  const lost = new Map<ValueId, Map<number, Set<number>>>();
  for (const { value, axis, entry } of units.flatMap((unit) => unit.places)) {
    const axes = lost.get(value) ?? new Map<number, Set<number>>();
    lost.set(value, axes);
    const entries = axes.get(axis) ?? new Set<number>();
    axes.set(axis, entries.add(entry));
  }
  return new Map([...lost].map(([value, axes]) => {
    const { shape } = model.graph.values.get(value)!.type as StaticType;
    return [value, new Map([...axes].map(([axis, entries]) => [axis, Array.from({ length: shape[axis] }, (_, i) => i).filter((i) => !entries.has(i))]))];
  }));
}

/** The model without some units. Nodes and values keep their ids; what is left computes as before for channels that held zero. */
export function leaveOut(model: Model, units: readonly Unit[]): Model {
  const editor = GraphEditor.of(model.graph);
  for (const [id, axes] of keptEntries(model, units)) {
    const value = editor.value(id);
    let type = value.type as StaticType;
    for (const [axis, kept] of axes) {
      type = { ...type, shape: type.shape.map((extent, i) => (i === axis ? kept.length : extent)), quantization: keptQuantization(type, axis, kept) };
    }
    const smaller = type;
    const constant = value.constant && lazyConstant(smaller, () => keepEntries(constantTensor(value), smaller, axes));
    editor.values.set(id, { ...value, type, ...(constant ? { constant } : {}) });
  }
  for (const node of model.graph.nodes) {
    const changed = [...node.inputs, ...node.outputs].some((id) => id !== undefined && editor.value(id) !== model.graph.values.get(id));
    const resized = changed && opOf(node).coupling?.resized;
    if (resized) editor.replaceNode(node.id, { attributes: { ...node.attributes, ...resized(new NodeView(editor, node, model.rounding)) } });
  }
  return { ...model, graph: editor.finish() };
}

function keepEntries(tensor: Tensor, type: StaticType, axes: ReadonlyMap<number, readonly number[]>): Tensor {
  const { shape } = tensor.type;
  const data = emptyData(type.dtype, elementCount(type.shape));
  const strides = shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
  const position = shape.map(() => 0);
  for (let i = 0; i < data.length; i++) {
    let from = 0;
    for (let axis = 0; axis < shape.length; axis++) from += (axes.get(axis)?.[position[axis]] ?? position[axis]) * strides[axis];
    data[i] = tensor.data[from];
    for (let axis = shape.length - 1; axis >= 0 && ++position[axis] === type.shape[axis]; axis--) position[axis] = 0;
  }
  return { type, data };
}

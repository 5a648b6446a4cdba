import { constantOf, constantTensor, tensorOf } from '../ir/tensor';
import type { StaticType, ValueId } from '../ir/types';
import { editingPass } from './pass';

/**
 * Constants in half precision that meet real numbers become real numbers themselves: what compression changes must not be
 * rounded to halves again. The same numbers.
 */
export const widenHalves = editingPass('widen-halves', (editor, graph) => {
  const wide = new Map<ValueId, ValueId>();
  const widened = (id: ValueId): ValueId => {
    const { name, type, constant } = editor.value(id);
    if (!constant || type.dtype !== 'float16') return id;
    const known = wide.get(id);
    if (known !== undefined) return known;
    const real: StaticType = { dtype: 'float32', shape: type.shape! };
    const made = editor.addValue(name, real, constantOf(tensorOf(real, constantTensor(editor.value(id)).data)));
    wide.set(id, made);
    return made;
  };
  for (const { id, inputs } of graph.nodes) {
    const meetsReals = inputs.some((input) => input !== undefined && !editor.value(input).constant && editor.value(input).type.dtype === 'float32');
    const real = meetsReals ? inputs.map((input) => (input === undefined ? input : widened(input))) : inputs;
    if (real.some((input, i) => input !== inputs[i])) editor.replaceNode(id, { inputs: real });
  }
});

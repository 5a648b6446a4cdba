import { tensorOf } from '../../ir/tensor';
import type { DType, TensorType } from '../../ir/types';
import type { OpDefinition } from '../op';

/** TFLite's numbers of the types that places may have. Source: schema.fbs, TensorType. */
const INT64 = 4;

/**
 * Distinct numbers of a list in the order in which they appear, and for each element which of them it is. Attribute: places (their
 * type). Outputs: as many as the data say; as many as the list is long.
 */
export const unique: OpDefinition = {
  name: 'unique',
  label: () => 'Unique',
  keepsConstants: true,
  infer: (node): TensorType[] => [{ ...node.type(0), shape: [-1] }, { dtype: node.text('places') as DType, shape: node.type(0).shape }],
  evaluate(node, [input]) {
    const places = new Map<number, number>();
    const found = Array.from(input!.data, (value) => {
      if (!places.has(value)) places.set(value, places.size);
      return places.get(value)!;
    });
    return [
      tensorOf({ ...input!.type, shape: [places.size] }, [...places.keys()]),
      tensorOf({ dtype: node.text('places') as DType, shape: input!.type.shape }, found),
    ];
  },
  tflite: {
    import: {
      UNIQUE(node) {
        node.needReal();
        if (node.shape(0).length !== 1) node.refuse('a tensor of several axes');
        node.emit('unique', node.inputs, { places: node.number('idxOutType') === INT64 ? 'int64' : 'int32' });
      },
    },
    export: (node, writer) => writer.emit('UNIQUE', writer.inputs, writer.outputs, { idxOutType: node.text('places') === 'int64' ? INT64 : 2 }),
  },
};

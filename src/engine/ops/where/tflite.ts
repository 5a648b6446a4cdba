import type { TfliteMapping } from '../../formats/tflite/mapping';

export const whereTflite: TfliteMapping = {
  import: {
    SELECT(node) {
      // A condition of one axis picks whole rows there, which broadcasting would not.
      if (node.shape(0).length !== node.shape(1).length) node.refuse('a condition per row');
      node.needOneScale();
      node.emit('where', node.inputs);
    },
    SELECT_V2(node) {
      node.needOneScale();
      node.emit('where', node.inputs);
    },
  },
  export: (_node, writer) => writer.emit('SELECT_V2', writer.inputs, writer.outputs),
};

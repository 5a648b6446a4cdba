import { CannotWrite, type OnnxMapping } from '../../formats/onnx/mapping';

export const lstmOnnx: OnnxMapping = {
  import: {},
  export: (node) => {
    throw new CannotWrite(`${node.node.name} cannot be written as ONNX`);
  },
};

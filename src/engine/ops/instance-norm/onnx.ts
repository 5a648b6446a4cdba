import type { OnnxMapping, OnnxNode } from '../../formats/onnx/mapping';
import type { ValueId } from '../../ir/types';
import { int64Tensor } from '../../formats/onnx/onnx-node';

export const groupNormOnnx: OnnxMapping = {
  import: {
    InstanceNormalization(node) {
      const channels = node.type(0).shape?.[1] ?? -1;
      if (channels < 0) node.refuse('an unknown number of channels');
      node.emit('group_norm', node.inputs, { groups: channels, epsilon: node.float('epsilon', 1e-5) });
    },
    GroupNormalization(node) {
      const groups = node.int('num_groups', 1);
      const channels = node.known(0).shape[1];
      // Before operator set 21 scale and bias are one per group.
      const perChannel = (index: number): ValueId => (node.opset < 21 ? spread(node, index, groups, channels) : node.inputs[index]!);
      node.emit('group_norm', [node.inputs[0], perChannel(1), perChannel(2)], { groups, epsilon: node.float('epsilon', 1e-5) });
    },
  },
  since: (node) => (node.type(0).shape?.[1] === node.int('groups') ? 0 : 21),
  export(node, writer) {
    const attributes = { epsilon: { float: node.attributes.epsilon as number } };
    if (node.type(0).shape?.[1] === node.int('groups')) writer.emit('InstanceNormalization', writer.inputs, writer.outputs, attributes);
    else writer.emit('GroupNormalization', writer.inputs, writer.outputs, { ...attributes, num_groups: node.int('groups') });
  },
};

function spread(node: OnnxNode, index: number, groups: number, channels: number): ValueId {
  node.claim({ dtype: 'int64', shape: [channels] });
  const places = Array.from({ length: channels }, (_, c) => Math.floor(c / (channels / groups)));
  return node.step('gather', [node.inputs[index], node.addConstant(`groups_${index}`, int64Tensor(places))], { axis: 0 });
}

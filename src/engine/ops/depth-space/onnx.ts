import type { OnnxImporters } from '../../formats/onnx/mapping';

/** DepthToSpace and SpaceToDepth are a reshape, a transpose and a reshape. */
export const depthSpaceImporters: OnnxImporters = {
  DepthToSpace(node) {
    const [n, c, h, w] = node.known(0).shape;
    const block = node.int('blocksize', 1);
    const depth = c / (block * block);
    const isCrd = node.text('mode', 'DCR') === 'CRD';
    const split = node.step('reshape', [node.inputs[0]], { shape: isCrd ? [n, depth, block, block, h, w] : [n, block, block, depth, h, w] });
    const turned = node.step('transpose', [split], { permutation: isCrd ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2] });
    node.emit('reshape', [turned], { shape: [n, depth, h * block, w * block] });
  },
  SpaceToDepth(node) {
    const [n, c, h, w] = node.known(0).shape;
    const block = node.int('blocksize', 1);
    const split = node.step('reshape', [node.inputs[0]], { shape: [n, c, h / block, block, w / block, block] });
    const turned = node.step('transpose', [split], { permutation: [0, 3, 5, 1, 2, 4] });
    node.emit('reshape', [turned], { shape: [n, c * block * block, h / block, w / block] });
  },
};

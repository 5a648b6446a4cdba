import { int64Tensor } from '../../formats/onnx/onnx-node';
import type { OnnxImporters, OnnxNode } from '../../formats/onnx/mapping';
import { constantOf, type TensorData } from '../../ir/tensor';
import { intersectionOverUnion, type Box } from './overlap';

/** Boxes that remain when overlapping ones of lower score are left out: as many as the data say, so computed where they are known. */
export const nonMaxSuppressionImporters: OnnxImporters = {
  NonMaxSuppression(node) {
    const [boxes, scores] = [0, 1].map((i) => node.constant(i) ?? node.refuse('a result as long as the data say'));
    const limit = (index: number, otherwise: number): number => (node.has(index) ? (node.constant(index) ?? node.refuse('a limit that varies')).data[0] : otherwise);
    const [perClass, overlap, least] = [limit(2, 0), limit(3, 0), limit(4, -Infinity)];
    const [batches, classes, count] = scores.type.shape;
    const found: number[] = [];
    for (let b = 0; b < batches; b++) {
      for (let c = 0; c < classes; c++) {
        const score = (i: number): number => scores.data[(b * classes + c) * count + i];
        const order = Array.from({ length: count }, (_, i) => i).filter((i) => score(i) > least).sort((i, j) => score(j) - score(i) || i - j);
        const kept: number[] = [];
        for (const i of order) {
          if (kept.length >= perClass) break;
          if (kept.every((j) => intersectionOverUnion(corners(node, boxes.data, b * count + i), corners(node, boxes.data, b * count + j)) <= overlap)) kept.push(i);
        }
        found.push(...kept.flatMap((i) => [b, c, i]));
      }
    }
    const result = int64Tensor(found, [found.length / 3, 3]);
    node.result(0, result.type, constantOf(result));
  },
};

function corners(node: OnnxNode, boxes: TensorData, index: number): Box {
  const [a, b, c, d] = boxes.subarray(4 * index, 4 * index + 4);
  if (node.int('center_point_box', 0)) return [b - d / 2, a - c / 2, b + d / 2, a + c / 2];
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
}

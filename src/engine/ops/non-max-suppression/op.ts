import { zeros, type TensorData } from '../../ir/tensor';
import type { TensorType } from '../../ir/types';
import { ShapeError, type OpDefinition } from '../op';
import { intersectionOverUnion, type Box } from './overlap';
import { nonMaxSuppressionTflite } from './tflite';

/**
 * The best boxes of which none covers another too much. Inputs: boxes [count, 4] (two opposite corners, y first), scores [count].
 * Attributes: limit (of boxes that remain), overlap (a box that shares as much of the union with a better one goes), least (score).
 * Outputs: places of the boxes [limit], their scores [limit], both with zeros behind the last, and how many there are [].
 */
export const nonMaxSuppression: OpDefinition = {
  name: 'non_max_suppression',
  needs: 2,
  label: (node) => `NMS ${node.int('limit')}`,
  infer(node) {
    const [boxes, scores] = [node.type(0).shape, node.type(1).shape];
    const limit = node.int('limit');
    if (boxes && (boxes.length !== 2 || boxes[1] !== 4 || (scores && scores[0] !== boxes[0]))) throw new ShapeError(`boxes of ${boxes.join('×')} for scores of ${scores?.join('×')}`);
    if (!(limit >= 0)) throw new ShapeError(`${limit} boxes`);
    const types: TensorType[] = [{ dtype: 'int32', shape: [limit] }, { dtype: 'float32', shape: [limit] }, { dtype: 'int32', shape: [] }];
    return types;
  },
  evaluate(node, [boxes, scores]) {
    const [places, best, count] = [0, 1, 2].map((i) => zeros({ dtype: i === 1 ? 'float32' : 'int32', shape: i === 2 ? [] : [node.int('limit')] }));
    const order = Array.from(scores!.data.keys()).filter((i) => scores!.data[i] > node.int('least')).sort((i, j) => scores!.data[j] - scores!.data[i] || i - j);
    const kept: Box[] = [];
    for (const i of order) {
      if (kept.length >= places.data.length) break;
      const box = boxAt(boxes!.data, i);
      // Source: TFLite non_max_suppression.h, NonMaxSuppression.
      if (kept.some((other) => intersectionOverUnion(box, other) >= node.int('overlap'))) continue;
      places.data[kept.length] = i;
      best.data[kept.length] = scores!.data[i];
      kept.push(box);
    }
    count.data[0] = kept.length;
    return [places, best, count];
  },
  tflite: nonMaxSuppressionTflite,
};

function boxAt(boxes: TensorData, index: number): Box {
  const [a, b, c, d] = boxes.subarray(4 * index, 4 * index + 4);
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
}

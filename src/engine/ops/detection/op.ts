import { zeros, type TensorData } from '../../ir/tensor';
import type { TensorType } from '../../ir/types';
import type { Box } from '../non-max-suppression/overlap';
import { ShapeError, type NodeView, type OpDefinition } from '../op';
import { bestBoxes, descending } from './best-boxes';
import { detectionTflite } from './tflite';

/**
 * The head of an SSD detector. Inputs: codes of boxes [1, count, 4] (centre y, x, height, width against their anchors), scores
 * [1, count, classes, with or without a background in front], anchors [count, 4]. Outputs: boxes [1, limit, 4] (corners), their
 * classes [1, limit], their scores [1, limit], how many there are [1]; zeros behind the last.
 * Attributes: detections, classesPerDetection, detectionsPerClass, perClass (suppress within each class, not across all), least
 * (score), overlap, classes, scales (of y, x, height, width). Source: TFLite detection_postprocess.cc.
 */
export const detection: OpDefinition = {
  name: 'detection',
  needs: 3,
  label: (node) => `Detection ${node.int('detections')}`,
  infer(node) {
    const [boxes, scores, anchors] = [0, 1, 2].map((i) => node.type(i).shape);
    const limit = node.int('detections') * node.int('classesPerDetection');
    if (!(limit >= 0 && limit <= MAX_DETECTIONS)) throw new ShapeError(`${limit} detections`);
    if (boxes && (boxes.length !== 3 || boxes[0] !== 1 || boxes[2] < 4)) throw new ShapeError(`boxes of ${boxes.join('×')}`);
    if (scores && (scores.length !== 3 || scores[2] < node.int('classes'))) throw new ShapeError(`scores of ${scores.join('×')} for ${node.int('classes')} classes`);
    if (boxes && anchors && (anchors.length !== 2 || anchors[0] !== boxes[1] || anchors[1] < 4)) throw new ShapeError(`anchors of ${anchors.join('×')} for ${boxes[1]} boxes`);
    if (boxes && scores && boxes[1] !== scores[1]) throw new ShapeError(`scores of ${scores[1]} for ${boxes[1]} boxes`);
    return [[1, limit, 4], [1, limit], [1, limit], [1]].map((shape): TensorType => ({ dtype: 'float32', shape }));
  },
  evaluate(node, [codes, scores, anchors]) {
    const count = codes!.type.shape[1];
    const boxes = Array.from({ length: count }, (_, i) => decoded(codes!.data, i * codes!.type.shape[2], anchors!.data, i * anchors!.type.shape[1], node.ints('scales')));
    const found = (node.flag('perClass') ? withinClasses : acrossClasses)(node, boxes, scores!.data, scores!.type.shape[2]);
    const limit = node.int('detections') * node.int('classesPerDetection');
    const results = [[1, limit, 4], [1, limit], [1, limit], [1]].map((shape) => zeros({ dtype: 'float32', shape }));
    found.slice(0, limit).forEach(({ box, kind, score }, i) => {
      results[0].data.set(boxes[box], 4 * i);
      results[1].data[i] = kind;
      results[2].data[i] = score;
    });
    // Kinds of one box are one detection of it where they are told together.
    results[3].data[0] = found.length / (node.flag('perClass') ? 1 : Math.min(node.int('classesPerDetection'), node.int('classes')));
    return results;
  },
  tflite: detectionTflite,
};

/** More than any head gives: a few bytes must not ask for gigabytes. */
const MAX_DETECTIONS = 100_000;

interface Found {
  readonly box: number;
  readonly kind: number;
  readonly score: number;
}

function decoded(codes: TensorData, at: number, anchors: TensorData, from: number, scales: readonly number[]): Box {
  const [y, x, height, width] = codes.subarray(at, at + 4);
  const [anchorY, anchorX, anchorHeight, anchorWidth] = anchors.subarray(from, from + 4);
  const [centreY, centreX] = [Math.fround((y / scales[0]) * anchorHeight + anchorY), Math.fround((x / scales[1]) * anchorWidth + anchorX)];
  const [halfHeight, halfWidth] = [Math.fround(0.5 * Math.exp(height / scales[2]) * anchorHeight), Math.fround(0.5 * Math.exp(width / scales[3]) * anchorWidth)];
  return [Math.fround(centreY - halfHeight), Math.fround(centreX - halfWidth), Math.fround(centreY + halfHeight), Math.fround(centreX + halfWidth)];
}

/** Each box under its best classes; boxes suppress each other whatever they show. */
function acrossClasses(node: NodeView, boxes: readonly Box[], scores: TensorData, columns: number): Found[] {
  const classes = node.int('classes');
  const told = Math.min(node.int('classesPerDetection'), classes);
  const rows = boxes.map((_, i) => scores.subarray(i * columns + columns - classes, (i + 1) * columns));
  const best = rows.map((row) => descending(row).slice(0, told));
  const kept = bestBoxes(boxes, boxes.map((_, i) => rows[i][best[i][0]]), node.int('least'), node.int('overlap'), node.int('detections'));
  return kept.flatMap((box) => best[box].map((kind) => ({ box, kind, score: rows[box][kind] })));
}

/** The best of what remains in each class for itself. */
function withinClasses(node: NodeView, boxes: readonly Box[], scores: TensorData, columns: number): Found[] {
  const classes = node.int('classes');
  let found: Found[] = [];
  for (let kind = 0; kind < classes; kind++) {
    const own = boxes.map((_, i) => scores[i * columns + columns - classes + kind]);
    found.push(...bestBoxes(boxes, own, node.int('least'), node.int('overlap'), node.int('detectionsPerClass')).map((box) => ({ box, kind, score: own[box] })));
    found = descending(found.map(({ score }) => score)).slice(0, node.int('detections')).map((i) => found[i]);
  }
  return found;
}

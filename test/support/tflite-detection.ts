import { writeFlexMap } from '../../src/engine/formats/tflite/flexbuffer';
import type { OperatorCase } from './tflite-cases';
import { Random } from './random';

/** Heads of SSD detectors: 20 anchors, 3 classes and a background. */
export function detectionCases(): OperatorCase[] {
  const random = new Random(11);
  const [count, classes] = [20, 3];
  const anchors = Float32Array.from({ length: count * 4 }, (_, i) => (i % 4 < 2 ? random.reals(1, 0.2, 0.8)[0] : random.reals(1, 0.2, 0.5)[0]));
  const inputs = [Array.from(random.reals(count * 4, -1, 1)), Array.from(random.reals(count * (classes + 1), 0, 1))];
  const floats = new Set(['y_scale', 'x_scale', 'h_scale', 'w_scale', 'nms_score_threshold', 'nms_iou_threshold']);
  const variants = [
    { name: 'across classes', limit: 4, told: 1, perClass: false, overlap: 0.5 }, { name: 'across classes, two of each box', limit: 4, told: 2, perClass: false, overlap: 0.6 },
    { name: 'within classes', limit: 6, told: 1, perClass: true, overlap: 0.4 }, { name: 'within classes, fewer than asked for', limit: 70, told: 1, perClass: true, overlap: 0.1 },
  ];
  return variants.map(({ name, limit, told, perClass, overlap }) => {
    const custom = writeFlexMap({
      max_detections: limit, max_classes_per_detection: told, detections_per_class: 100, use_regular_nms: perClass, nms_score_threshold: 0.3, nms_iou_threshold: overlap, num_classes: classes,
      y_scale: 10, x_scale: 10, h_scale: 5, w_scale: 5,
    }, floats);
    const outputs = [['found', [1, limit * told, 4]], ['kinds', [1, limit * told]], ['best', [1, limit * told]], ['count', [1]]] as const;
    return {
      name: `TFLite_Detection_PostProcess ${name}`, inputs,
      graph: {
        tensors: [{ name: 'boxes', shape: [1, count, 4] }, { name: 'scores', shape: [1, count, classes + 1] }, { name: 'anchors', shape: [count, 4], data: anchors }, ...outputs.map(([output, shape]) => ({ name: output, shape }))],
        inputs: ['boxes', 'scores'], outputs: outputs.map(([output]) => output),
        operators: [{ op: 'custom:TFLite_Detection_PostProcess', inputs: ['boxes', 'scores', 'anchors'], outputs: outputs.map(([output]) => output), custom }],
      },
    };
  });
}

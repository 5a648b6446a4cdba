import { writeFlexMap } from '../../formats/tflite/flexbuffer';
import type { TfliteMapping } from '../../formats/tflite/mapping';

const NAME = 'custom:TFLite_Detection_PostProcess';
const scaleNames = ['y_scale', 'x_scale', 'h_scale', 'w_scale'];
const floats = new Set([...scaleNames, 'nms_score_threshold', 'nms_iou_threshold']);
/** What the runtime takes where a file says nothing. Source: TFLite detection_postprocess.cc, Init. */
const DETECTIONS_PER_CLASS = 100;

export const detectionTflite: TfliteMapping = {
  import: {
    [NAME](node) {
      const scales = scaleNames.map((name) => node.number(name));
      const [detections, classesPerDetection, classes] = ['max_detections', 'max_classes_per_detection', 'num_classes'].map((name) => node.number(name));
      if (!scales.every((scale) => scale > 0) || classes < 1 || classesPerDetection < 1) node.refuse('options that are missing');
      const real = [0, 1, 2].map((i) => (node.type(i).quantization ? node.step('dequantize', [node.inputs[i]]) : node.inputs[i]));
      node.emit('detection', real, {
        detections, classesPerDetection, detectionsPerClass: node.number('detections_per_class') || DETECTIONS_PER_CLASS, perClass: node.flag('use_regular_nms'),
        least: node.number('nms_score_threshold'), overlap: node.number('nms_iou_threshold'), classes, scales,
      });
    },
  },
  export(node, writer) {
    const options = {
      max_detections: node.int('detections'), max_classes_per_detection: node.int('classesPerDetection'), detections_per_class: node.int('detectionsPerClass'),
      use_regular_nms: node.flag('perClass'), nms_score_threshold: node.int('least'), nms_iou_threshold: node.int('overlap'), num_classes: node.int('classes'),
      ...Object.fromEntries(scaleNames.map((name, i) => [name, node.ints('scales')[i]])),
    };
    writer.emit(NAME, writer.inputs, writer.outputs, {}, { custom: writeFlexMap(options, floats) });
  },
};

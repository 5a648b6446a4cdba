/** A workspace with real models beside the samples, for looking at views; the caller removes its parent folder. */
import fs from 'node:fs';
import path from 'node:path';
import { copySamples, sharedFile } from './project';
import { modelFile, node, port, tensor } from './onnx-builder';

/** Real models, by the names that they get in the workspace. */
const REAL = {
  'resnet8.tflite': 'models/mlperf_tiny_resnet8_int8.tflite',
  'vww.tflite': 'models/mlperf_tiny_vww_mobilenetv1_025_int8.tflite',
  'vww_float.tflite': 'models/mlperf_tiny_vww_mobilenetv1_025_float.tflite',
  'ultraface.onnx': 'models/ultraface_slim_320.onnx',
  'silero.onnx': 'models/silero_vad_16k_op15.onnx',
} as const;

export type RealModel = keyof typeof REAL;

/** A deep residual network of about `layers` layers in blocks of ten. */
export function deepModel(layers: number): Uint8Array {
  const nodes: ReturnType<typeof node>[] = [];
  const weights = tensor('w', 'float32', [8, 8, 1, 1], Array.from({ length: 64 }, (_, i) => (i % 9) - 4));
  let last = 'x';
  for (let i = 0; nodes.length < layers; i++) {
    const block = `block${Math.floor(i / 5)}`;
    nodes.push(node('Conv', [last, 'w'], [`c${i}`], {}, { name: `${block}/conv${i}` }));
    const skip = i % 3 === 2;
    nodes.push(skip ? node('Add', [`c${i}`, last], [`s${i}`], {}, { name: `${block}/add${i}` }) : node('Sigmoid', [`c${i}`], [`s${i}`], {}, { name: `${block}/act${i}` }));
    last = `s${i}`;
  }
  return modelFile({ nodes, inputs: [port('x', [1, 8, 8, 8])], outputs: [port(last, [1, 8, 8, 8])], initializers: [weights] });
}

export interface ModelWorkspace {
  readonly folder: string;
  /** Real models that this machine has. */
  readonly models: readonly RealModel[];
  remove(): void;
}

export function modelWorkspace(): ModelWorkspace {
  const folder = copySamples();
  const models = (Object.keys(REAL) as RealModel[]).filter((name) => {
    const file = sharedFile(REAL[name]);
    if (file) fs.copyFileSync(file, path.join(folder, name));
    return file !== undefined;
  });
  fs.writeFileSync(path.join(folder, 'deep300.onnx'), deepModel(300));
  return { folder, models, remove: () => fs.rmSync(path.dirname(folder), { recursive: true, force: true }) };
}

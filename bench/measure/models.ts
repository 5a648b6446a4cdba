import fs from 'node:fs';
import path from 'node:path';
import { understand, type OpenModel } from '../../src/app/model-file';
import { quantizeModel } from '../../src/engine/compress/quantize-model';
import { estimateRanges } from '../../src/engine/compress/estimate-ranges';
import { lower, lowerAsInFile } from '../../src/engine/passes/pipeline';

/** Models that kernels are counted on: those of MLPerf Tiny and TensorFlow Lite Micro in ../shared, and the samples. */
export function benchModels(): readonly { readonly name: string; readonly open: OpenModel }[] {
  const shared = path.resolve('..', 'shared', 'models');
  const files = [
    ...['digits/digits.onnx', 'digits/digits-dense.onnx', 'gesture/gesture.onnx'].map((file) => path.resolve('samples', file)),
    ...(fs.existsSync(shared) ? fs.readdirSync(shared).filter((file) => /^(mlperf|tflm|tinymaix|mww).*\.(tflite|onnx)$/.test(file)).map((file) => path.join(shared, file)) : []),
  ];
  return files.flatMap((file) => {
    const open = understand(new Uint8Array(fs.readFileSync(file)), file);
    const name = path.basename(file);
    return file.endsWith('.onnx') ? [{ name, open }, { name: `${name} int8`, open: quantized(open) }] : [{ name, open }];
  });
}

/** Costs depend on types and shapes only: ranges are guessed. */
function quantized(open: OpenModel): OpenModel {
  const { value } = quantizeModel(open.canonical, { formOf: () => ({ activations: 'int8', weights: 'int8' }), ranges: estimateRanges(open.canonical, { min: -1, max: 1 }) });
  return { ...open, canonical: value, lowered: lower(value), asInFile: lowerAsInFile(value) };
}

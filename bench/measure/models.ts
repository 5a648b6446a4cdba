import fs from 'node:fs';
import path from 'node:path';
import { understand, type OpenModel } from '../../src/app/model-file';
import { quantizeModel } from '../../src/engine/compress/quantize-model';
import { estimateRanges } from '../../src/engine/compress/estimate-ranges';
import { cluster, type CodebookSize } from '../../src/engine/compress/store/cluster';
import { sparsify, type SparsePattern } from '../../src/engine/compress/store/sparsify';
import { packableLayers, weightRows, withStoredWeights } from '../../src/engine/compress/store/store-rows';
import type { Goal } from '../../src/engine/codegen/choose-kernels';
import type { Model } from '../../src/engine/ir/types';
import { opOf } from '../../src/engine/ops/table';
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
  return openOf(open, value);
}

const openOf = (open: OpenModel, model: Model): OpenModel => ({ ...open, canonical: model, lowered: lower(model), asInFile: lowerAsInFile(model) });

/** Weights that C stores packed, and what C must be good at to do so. */
export type Packing = { readonly goal: Goal; readonly name: string } & ({ readonly entries: CodebookSize } | { readonly pattern: SparsePattern; readonly share: number });
export const packings: readonly Packing[] = [
  ...[0.45, 0.7].map((share) => ({ goal: 'speed' as const, name: `blocks ${share}`, pattern: 'blocks' as const, share })),
  ...[0.4, 0.75].map((share) => ({ goal: 'flash' as const, name: `zeros ${share}`, pattern: 'free' as const, share })),
  ...([4, 16, 256] as const).map((entries) => ({ goal: 'flash' as const, name: `${entries} values`, entries })),
];

/** Of every kind of arithmetic some, the large ones in int8 only: real numbers without an FPU take minutes. */
const PACKED = /^((digits|digits-dense|gesture|mlperf_tiny_(kws_dscnn|ad_autoencoder)_(float|int8)|tinymaix_mnist_.*)\.|tflm_(magic_wand|micro_speech|person_detect)_|mlperf_tiny_(vww|resnet8).*int8)/;

/** The same models with packed weights; what their layers lose is not looked at. */
export function* packedModels(): Iterable<{ readonly name: string; readonly open: OpenModel; readonly goal: Goal }> {
  for (const { name, open } of benchModels().filter((model) => PACKED.test(model.name))) {
    for (const packing of packings) yield { name: `${name}, ${packing.name}`, open: openOf(open, packed(open.canonical, packing)), goal: packing.goal };
  }
}

export function packed(model: Model, packing: Packing): Model {
  const weighted = model.graph.nodes.filter((node) => opOf(node).scalesWeights && node.inputs[1] !== undefined);
  const layers = packableLayers(model, weighted).filter((node) => 'entries' in packing || (node.attributes.group ?? 1) === 1);
  return withStoredWeights(model, new Map(layers.map((node) => {
    const rows = weightRows(model, node);
    const round = model.graph.values.get(node.inputs[1]!)!.type.dtype === 'float32' ? Math.fround : Math.round;
    return [node.id, { values: 'entries' in packing ? cluster(rows, packing.entries, undefined, round) : sparsify(rows, packing.pattern, packing.share, undefined, round) }];
  })));
}

// Arenas of the int8 models of TFLite in ../shared/models, and of branched models of ONNX: what lives at once, what overlapping
// outputs allow, what is reached, what the order of layers brings, the first layers in strips of rows for the bounds of peers.md, and with the input by rows.
import fs from 'node:fs';
import path from 'node:path';
import { understand } from '../src/app/model-file';
import { planWithin } from '../src/engine/codegen/choose-strips';
import type { Isa } from '../src/engine/codegen/kernel';
import { planProgram } from '../src/engine/codegen/program';
import { analyze } from '../src/engine/cost/analyze';

interface Target {
  /** Bytes, peers.md section 4: all tensors at op level, and with outputs over inputs in raster order. */
  readonly opLevel?: number;
  readonly overlap?: number;
}

const targets: Readonly<Record<string, Target>> = {
  'mlperf_tiny_resnet8_int8.tflite': { opLevel: 49_152, overlap: 33_312 },
  'mlperf_tiny_kws_dscnn_int8.tflite': { opLevel: 16_000, overlap: 8_448 },
  'mlperf_tiny_vww_mobilenetv1_025_int8.tflite': { opLevel: 55_296, overlap: 36_880 },
  'mlperf_tiny_ad_autoencoder_int8.tflite': { opLevel: 768, overlap: 768 },
  'mww_v2_okay_nabu_int8.tflite': {},
  'ultraface_slim_320.onnx': {},
  'yunet_n_320.onnx': {},
  'silero_vad_16k_op15.onnx': {},
};

const models = path.resolve('..', 'shared', 'models');
if (!fs.existsSync(models)) {
  console.log('skipped: ../shared/models is absent');
  process.exit(0);
}

for (const isa of ['dsp', 'c99'] as const satisfies readonly Isa[]) {
  const rows = Object.entries(targets).map(([name, { opLevel, overlap }]) => {
    const open = understand(fs.readFileSync(path.join(models, name)), path.join(models, name));
    const whole = planProgram(open.lowered, isa);
    const budget = opLevel === undefined ? undefined : Math.floor(opLevel / 2);
    const within = budget === undefined || budget < 1024 ? undefined : planWithin(open.lowered, isa, { ramBudgetBytes: budget });
    const byRows = budget === undefined ? undefined : planWithin(open.lowered, isa, { inputRows: true });
    const report = within && analyze({ model: open.asInFile, path: '', program: within, labels: [], openExtents: [], problems: [] });
    return {
      model: name.replace(/^mlperf_tiny_|\.(tflite|onnx)$/g, ''), 'op level B': opLevel ?? '', 'overlap B': overlap ?? '',
      'reached B': whole.arenaBytes, 'above its bound B': whole.arenaBytes - whole.arenaBoundBytes, 'by order B': whole.order.fileOrderBytes - whole.arenaBytes, 'order': whole.order.isOptimal ? 'optimal' : 'best found',
      'half B': budget ?? '', 'in strips B': within ? `${within.arenaBytes}${within.refusals.length ? ' (not reached)' : ''}` : '',
      strips: within?.strips ? `${within.strips.count} of ${within.strips.layers} layers` : '', 'extra MACs': report?.arena.strips?.extraMacs ?? '',
      'input by rows B': byRows && !byRows.refusals.length ? byRows.arenaBytes : '',
      'flash B': report?.arena.strips ? report.totals.flashBytes : '',
    };
  });
  console.log(`--isa ${isa}`);
  console.table(rows);
}

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { zipSync } from 'fflate';
import { compressModel } from '../../src/app/compress-model';
import type { CompressReport, CompressRequest } from '../../src/app/engine-contract';
import { inspectModel } from '../../src/app/inspect-model';
import { inputOf } from '../../src/app/load-samples';
import { openModel } from '../../src/app/model-file';
import { OrtRunner } from '../../src/app/runners/ort-client';
import { argmax } from '../../src/app/accuracy';
import { CancelledError, neverCancelled } from '../../src/base/cancel';
import { ProblemError } from '../../src/base/problem';
import { quietTask, type Task } from '../../src/base/progress';
import { AbortLike } from '../../src/base/rpc';
import { Interpreter } from '../../src/engine/verify/interpret';
import { npyFile } from '../support/data-files';
import { HARD_CLASSES, hardModel } from '../support/hard-model';
import { Random } from '../support/random';
import { root, temporaryFolder } from '../support/project';

/** Two patches of noise at levels of their own. */
function noise(random: Random): Float64Array {
  const levels = [random.real(-1, 1), random.real(-1, 1)];
  return Float64Array.from({ length: 128 }, (_, i) => levels[i < 64 ? 0 : 1] + random.real(-0.4, 0.4));
}

/** Scores of inputs by the float model in a file. */
async function scorer(model: string): Promise<(sample: Float64Array) => number[]> {
  const { lowered } = await openModel(model, quietTask);
  const interpreter = new Interpreter(lowered);
  return (sample) => Array.from(interpreter.run([inputOf(lowered, sample)])[0].data);
}

/** Inputs of which the float model is sure, labelled by it: so it is always right, and what quantization loses is plain. */
async function labelled(model: string, count: number): Promise<{ x: number[]; y: number[] }> {
  const score = await scorer(model);
  const random = new Random(99);
  const [x, y]: [number[], number[]] = [[], []];
  for (let tries = 0; y.length < count && tries < count * 20; tries++) {
    const sample = noise(random);
    const scores = score(sample);
    const sorted = [...scores].sort((a, b) => b - a);
    if (sorted[0] - sorted[1] < 0.1 * (sorted[0] - sorted[HARD_CLASSES - 1])) continue;
    x.push(...sample);
    y.push(argmax(scores));
  }
  return { x, y };
}

describe('quantizing', function () {
  this.timeout(120_000);
  let folder: string;
  let model: string;
  before(async () => {
    folder = temporaryFolder('compress');
    model = path.join(folder, 'hard.onnx');
    // Scores are centred, so that classes take turns.
    fs.writeFileSync(model, hardModel({ spread: 1000 }).bytes);
    const score = await scorer(model);
    const random = new Random(1);
    const many = Array.from({ length: 100 }, () => score(noise(random)));
    const scoreBias = many[0].map((_, c) => -many.reduce((sum, scores) => sum + scores[c], 0) / many.length);
    fs.writeFileSync(model, hardModel({ spread: 1000, scoreBias }).bytes);
    const { x, y } = await labelled(model, 360);
    const part = (from: number, count: number): [Uint8Array, Uint8Array] => [npyFile([count, 2, 8, 8], x.slice(from * 128, (from + count) * 128)), npyFile([count], y.slice(from, from + count), '<i4')];
    const [[xc, yc], [xt, yt]] = [part(0, 60), part(60, 300)];
    fs.writeFileSync(path.join(folder, 'hard.npz'), zipSync({ 'x_calibration.npy': xc, 'y_calibration.npy': yc, 'x_test.npy': xt, 'y_test.npy': yt }));
    assert.ok(new Set(y).size >= 3, `classes ${[...new Set(y)].join()}`);
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  const compress = (request: Partial<CompressRequest>): Promise<CompressReport> => compressModel({ path: model, quantize: 'int8', ...request }, quietTask);
  const lost = ({ before, after }: CompressReport): number => (100 * (before.accuracy!.right - after.accuracy!.right)) / before.accuracy!.total;

  it('channels of very different ranges: one scale loses over 20 points, the automatic mode under 1, and the layer is named', async () => {
    const naive = await compress({ perTensor: true, method: [], ranges: 'min-max' });
    assert.ok(lost(naive) > 20, `naive loses ${lost(naive)} points`);
    const automatic = await compress({});
    assert.ok(lost(automatic) < 1, `automatic loses ${lost(automatic)} points`);
    assert.ok(automatic.method!.trials.length > 4 && automatic.method!.trials.some((trial) => trial.kept && trial.step !== 'nearest codes'), JSON.stringify(automatic.method!.trials));
    // The one whose input, or whose weights, hold channels a thousand times smaller than others.
    assert.ok(['layer1', 'layer2', 'layer3', 'layer4'].includes(naive.worst[0]?.name), JSON.stringify(naive.worst));
    const [{ remedies, divergence }] = naive.worst;
    assert.ok(remedies.some((remedy) => remedy.divergence < divergence * 0.9));
  });

  it('a remedy of the report does what it says', async () => {
    const naive = await compress({ perTensor: true, method: [], ranges: 'min-max' });
    const [{ name, remedies }] = naive.worst;
    const remedy = remedies.find((r) => r.form.activations === 'float32')!;
    const better = await compress({ perTensor: true, method: [], ranges: 'min-max', layers: { [name]: remedy.form } });
    assert.equal(better.after.ramBytes, remedy.ramBytes);
    assert.equal(better.after.flashBytes, remedy.flashBytes);
    assert.deepEqual(better.layers.find((layer) => layer.name === name)?.form, { activations: 'float32', weights: 'float32' });
    await assert.rejects(compress({ layers: { nowhere: remedy.form } }), (error: unknown) => error instanceof ProblemError && error.problem.code === 'TINYML-QUANT-LAYER' && /layer1/.test(error.problem.detail!));
  });

  it('a layer whose range is badly chosen is offered the range of another rule, at no cost', async () => {
    const gesture = (request: Partial<CompressRequest>): Promise<CompressReport> =>
      compressModel({ path: path.join(root, 'samples/gesture/gesture.onnx'), quantize: 'int8', method: [], ranges: 'entropy', out: path.join(folder, 'gesture.onnx'), replace: true, ...request }, quietTask);
    const clipped = await gesture({});
    const worst = clipped.worst.find(({ remedies }) => remedies.some(({ ranges }) => ranges))!;
    const remedy = worst.remedies.find(({ ranges }) => ranges)!;
    assert.deepEqual([remedy.flashBytes, remedy.ramBytes], [clipped.after.flashBytes, clipped.after.ramBytes]);
    assert.ok(remedy.divergence < worst.divergence);
    const better = await gesture({ layers: { [worst.name]: { ranges: remedy.ranges } } });
    const rangeOf = ({ layers }: CompressReport, name: string): readonly number[] => layers.filter((layer) => layer.name === name).flatMap(({ activations: { min, max } }) => [min, max]);
    assert.notDeepEqual(rangeOf(better, worst.name), rangeOf(clipped, worst.name));
    for (const { name } of clipped.layers) if (name !== worst.name) assert.deepEqual(rangeOf(better, name), rangeOf(clipped, name));
    assert.ok(Math.abs((better.worst[0]?.divergence ?? remedy.divergence) - remedy.divergence) < 1e-9, 'it brings what was said');
  });

  it('the report holds what it promises: layers, confusion, intervals, the paired test', async () => {
    const report = await compress({ method: ['bias'] });
    const total = report.after.accuracy!.total;
    const { confusion, changed, mcnemar } = report;
    assert.equal(confusion!.after.flat().reduce((a, b) => a + b, 0), total);
    assert.equal(confusion!.before.reduce((sum, row, i) => sum + row[i], 0), report.before.accuracy!.right);
    assert.equal(report.before.accuracy!.right - changed!.worse + changed!.better, report.after.accuracy!.right);
    assert.ok(mcnemar! >= 0 && mcnemar! <= 1);
    assert.deepEqual(report.layers.map((layer) => layer.name).filter((name) => name.startsWith('layer')), ['layer1', 'layer2', 'layer3', 'layer4', 'layer5']);
    for (const layer of report.layers) {
      assert.ok(layer.cosine <= 1 + 1e-9 && Number.isFinite(layer.sqnrDb) && layer.saturated <= layer.codes, layer.name);
      assert.equal(layer.activations.counts.length, 32);
    }
    assert.equal(JSON.parse(JSON.stringify(report)).schema, 'tinyml-compress/1');
  });

  for (const request of [
    { quantize: 'int16x8' }, { quantize: 'hybrid' }, { quantize: 'int4' }, { quantize: 'int2' }, { quantize: 'ternary' }, { quantize: 'binary' },
    { quantize: 'float16' }, { quantize: 'int4', groupSize: 8 }, { quantize: 'int2', groupSize: 8 }, { quantize: 'int4', activations: 'int8' }, { quantize: 'int2', activations: 'int8' }, { quantize: 'auto' },
  ] as const satisfies readonly Partial<CompressRequest>[]) {
    it(`${request.quantize}${'activations' in request ? ` with ${request.activations} activations` : ''}${'groupSize' in request ? ` in groups of ${request.groupSize}` : ''}: the file loads and runs in onnxruntime as its defaults are, and agrees with the reference`, async () => {
      const report = await compress({ ...request, method: ['bias'] });
      const open = await openModel(report.out, quietTask);
      const runner = new OrtRunner(neverCancelled);
      try {
        const session = await runner.load(fs.readFileSync(report.out));
        const interpreter = new Interpreter(open.canonical);
        const random = new Random(4);
        for (let i = 0; i < 5; i++) {
          const sample = Float32Array.from({ length: 128 }, () => random.real(-1, 1));
          const { data } = (await session.run({ [session.inputs[0]]: { type: 'float32', shape: [1, 2, 8, 8], data: sample } }))[session.outputs[0]];
          const [expected] = interpreter.run([inputOf(open.canonical, Float64Array.from(sample))]);
          const size = Math.max(...Array.from(expected.data, Math.abs));
          // Without an integer kernel onnxruntime multiplies real numbers and rounds: a code may differ by one.
          Array.from(expected.data).forEach((x, c) => assert.ok(Math.abs(x - Number(data[c])) <= 0.05 * size + 1e-5, `${x} and ${data[c]}`));
        }
      } finally {
        runner.close();
      }
      const sizes = [report.before.weightBytes, report.after.weightBytes];
      assert.ok(sizes[1] < sizes[0], sizes.join());
      assert.equal(report.problems.some((problem) => problem.code === 'TINYML-QUANT-NO-KERNELS'), report.after.withoutKernels !== undefined);
    });
  }

  it('mixed precision keeps its budget, refuses one that nothing meets, and does the same twice', async () => {
    const int8 = await compress({ method: [] });
    const budget = { flashBytes: int8.after.flashBytes - Math.round(int8.after.weightBytes * 0.1) };
    const out = (run: string): string => path.join(folder, run, 'hard.mixed.onnx');
    const mixed = await compress({ quantize: 'mixed', method: ['equalize', 'reconstruct'], budget, out: out('first') });
    assert.ok(mixed.after.flashBytes <= budget.flashBytes, `${mixed.after.flashBytes} of ${budget.flashBytes}`);
    assert.ok(new Set(mixed.layers.filter((layer) => layer.weights).map((layer) => layer.form.weights)).size > 1);
    assert.ok(lost(mixed) < 10, `${lost(mixed)} points`);
    const again = await compress({ quantize: 'mixed', method: ['equalize', 'reconstruct'], budget, out: out('again') });
    assert.deepEqual(fs.readFileSync(again.out), fs.readFileSync(mixed.out));
    const refused = (request: Partial<CompressRequest>): Promise<void> =>
      assert.rejects(compress({ quantize: 'mixed', ...request }), (error: unknown) => error instanceof ProblemError && error.problem.code === 'TINYML-QUANT-BUDGET');
    await refused({ budget: { flashBytes: 1000 } });
    await refused({ budget: { ramBytes: 100 } });
  });

  it('sizes are those of the generated C: narrow weights take as many bits as they have', async () => {
    const [int8, int16, int4] = [await compress({ method: [] }), await compress({ quantize: 'int16x8', method: [] }), await compress({ quantize: 'int4', activations: 'int8', method: [] })];
    for (const { out, after } of [int8, int16, int4]) {
      const { totals } = await inspectModel({ path: out }, quietTask);
      assert.deepEqual([after.weightBytes, after.flashBytes, after.ramBytes], [totals.weightBytes, totals.flashBytes, totals.ramBytes]);
    }
    const weights = int8.layers.reduce((sum, layer) => sum + (layer.weights?.counts.reduce((a, b) => a + b, 0) ?? 0), 0);
    // 4 bits less for each weight; odd counts of a layer round up, and arrays of bytes end at whole words.
    assert.ok(Math.abs(int8.after.weightBytes - int4.after.weightBytes - weights / 2) <= 8, `${int8.after.weightBytes} ${int4.after.weightBytes} ${weights}`);
    assert.ok(int16.after.ramBytes > int8.after.ramBytes);
  });

  it('without data: ranges are estimated, and the report says so and claims no accuracy', async () => {
    const report = await compress({ dataFree: { min: -1.4, max: 1.4 } });
    assert.deepEqual([report.calibration, report.calibrationSamples, report.after.accuracy, report.layers], ['data-free', 0, undefined, []]);
    assert.deepEqual(report.problems.map((problem) => problem.code), ['TINYML-QUANT-DATA-FREE']);
    assert.ok(fs.existsSync(report.out));
  });

  it('time that is up ends the search with what there is', async () => {
    const report = await compress({ timeLimitSeconds: 0 });
    assert.equal(report.method!.cutShort, true);
    assert.equal(report.method!.trials.length, 1);
    assert.ok(fs.existsSync(report.out));
  });

  it('a search that is cancelled at any stage leaves no file', async () => {
    const files = (): string[] => fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
    const before = files();
    for (const stage of ['Trying ranges by mse', 'Trying equalization', 'Measuring channels', 'Correcting biases', 'Reconstructing layers', 'Tuning ranges', 'Measuring how much each layer matters', 'Exchanging precision between layers']) {
      const signal = new AbortLike();
      let isReached = false;
      const task: Task = { ...quietTask, signal, progress: (progress) => void (progress.stage === stage && ((isReached = true), signal.abort())) };
      await assert.rejects(compressModel({ path: model, quantize: 'mixed', budget: { flashShare: 0.9 } }, task), CancelledError, stage);
      assert.ok(isReached, stage);
      assert.deepEqual(files(), before, stage);
    }
  });

  it('one constant sample is refused', async () => {
    const data = path.join(folder, 'constant.npy');
    fs.writeFileSync(data, npyFile([1, 2, 8, 8], new Array<number>(128).fill(0.5)));
    await assert.rejects(compress({ data }), (error: unknown) => error instanceof ProblemError && error.problem.code === 'TINYML-DATA' && /nothing but 0\.5/.test(error.problem.detail!));
  });

  it('the samples lose at most half a point; where int8 everywhere loses more, one layer on 16 bits is found by the calibration samples', async () => {
    for (const [sample, quantize] of [['digits/digits', 'int8'], ['digits/digits-dense', 'int8'], ['gesture/gesture', 'auto']] as const) {
      const report = await compressModel({ path: path.join(root, 'samples', `${sample}.onnx`), quantize, out: path.join(folder, `${path.basename(sample)}.${quantize}.onnx`) }, quietTask);
      assert.ok(lost(report) <= 0.5, `${sample} loses ${lost(report)} points`);
      const wide = report.layers.filter(({ form }) => form.activations === 'int16').map(({ name }) => name);
      assert.deepEqual([wide, report.after.withoutKernels], [quantize === 'auto' ? ['/conv1/Conv'] : [], undefined]);
    }
  });

  it('scales for groups of weights: what cannot have them is refused before anything is done', async () => {
    const refused = (request: Partial<CompressRequest>, code: string): Promise<void> => assert.rejects(compress(request), (error: unknown) => error instanceof ProblemError && error.problem.code === code);
    for (const quantize of ['int8', 'int16x8', 'float16', 'mixed'] as const) await refused({ quantize, groupSize: 32 }, 'TINYML-QUANT-GROUPS');
    await refused({ quantize: 'int4', activations: 'int8', groupSize: 32 }, 'TINYML-QUANT-GROUPS');
    await refused({ quantize: 'int4', groupSize: 32, out: path.join(folder, 'hard.int4.tflite') }, 'TINYML-QUANT-GROUPS-TFLITE');
    await refused({ board: 'no such board' }, 'TINYML-CHOICE');
    const [whole, groups] = [await compress({ quantize: 'int4', method: [] }), await compress({ quantize: 'int4', groupSize: 8, method: [] })];
    assert.ok(groups.after.weightBytes > whole.after.weightBytes, 'scales are counted');
  });

  it('a file in half precision, ONNX or TFLite, is quantized as the real numbers that it stands for', async () => {
    for (const ending of ['onnx', 'tflite']) {
      const half = await compress({ quantize: 'float16', out: path.join(folder, `half.${ending}`) });
      const data = path.join(folder, 'hard.npz');
      const wanted = await compress({ method: [] });
      const again = await compressModel({ path: half.out, quantize: 'int8', method: [], data: ending === 'onnx' ? data : undefined, dataFree: ending === 'onnx' ? undefined : { min: -1.4, max: 1.4 }, out: path.join(folder, `half.int8.${ending}`) }, quietTask);
      assert.ok(again.after.weightBytes <= wanted.after.weightBytes * 1.05, `${again.after.weightBytes} of ${wanted.after.weightBytes}`);
      if (ending === 'onnx') assert.ok(lost(again) <= lost(wanted) + 2, `${lost(again)} points, from whole precision ${lost(wanted)}`);
    }
  });

  it('the time on a board is told, of both models', async () => {
    const { before, after } = await compress({ method: [], board: 'm4-sim' });
    assert.ok(before.time!.us > 0 && after.time!.us > 0 && after.time!.basis === 'modelled');
    assert.equal((await compress({ method: [] })).after.time, undefined);
  });
});

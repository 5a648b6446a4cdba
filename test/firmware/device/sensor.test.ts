import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { compressModel } from '../../../src/app/compress-model';
import { loadNpz } from '../../../src/app/data/npz';
import { parseWav } from '../../../src/app/data/sound/wav';
import { writeNpz } from '../../../src/app/data/write-npz';
import { writeWav } from '../../../src/app/data/write-wav';
import { programPath } from '../../../src/app/programs';
import { runOnBoard } from '../../../src/app/run-on-board';
import type { PredictionEvent, RunEvent, RunRequest } from '../../../src/app/run-contract';
import { ProblemError } from '../../../src/base/problem';
import { quietTask } from '../../../src/base/progress';
import { boards } from '../../../src/device/boards';
import type { Board } from '../../../src/device/boards/board';
import { modelFile, node, port, tensor } from '../../support/onnx-builder';
import { runDeps } from '../../support/planted-board';
import { root } from '../../support/project';
import { boardWith, random, removeTemporaryFolders, temporaryFolder, toolsOrSkip } from './support/boards';

const onCore = (core: string): Board => boards.find((board) => board.connect.kind === 'qemu' && board.core === core)!;

/** Samples of sound that the model takes at once. */
const WAVE_WINDOW = 400;

describe('a sensor feeds the model', function () {
  this.timeout(300_000);
  let folder: string;
  let model: string;
  before(async () => {
    folder = temporaryFolder();
    model = path.join(folder, 'gesture.int8.onnx');
    await compressModel({ path: path.join(root, 'samples/gesture/gesture.onnx'), data: path.join(root, 'samples/gesture/gesture.npz'), quantize: 'int8', method: [], out: model }, quietTask);
  });
  after(removeTemporaryFolders);

  async function run(context: Mocha.Context, board: Board, change: Partial<RunRequest>): Promise<RunEvent[]> {
    await toolsOrSkip(context, board);
    const events: RunEvent[] = [];
    const started = await runOnBoard({ path: model, boardId: board.id, sensor: { id: 'accelerometer', flatOut: true }, ...change }, runDeps(temporaryFolder()), quietTask, (event) => events.push(event));
    await started.done;
    return events;
  }
  const predictionsOf = (events: readonly RunEvent[]): PredictionEvent[] => events.filter((event): event is PredictionEvent => event.kind === 'prediction');

  /** Real measurements of the sample's test part, one gesture behind the other. */
  async function recorded(gestures: number): Promise<{ readonly file: string; readonly measurements: number; readonly window: number }> {
    const { test } = await loadNpz(path.join(root, 'samples/gesture/gesture.npz'));
    const size = test!.values.length / test!.count;
    const file = path.join(folder, `played-${gestures}.npz`);
    fs.writeFileSync(file, writeNpz({ x: { shape: [gestures, size / 3, 3], data: Float32Array.from(test!.values).subarray(0, gestures * size) }, y: { shape: [gestures], data: new Int32Array(gestures) } }));
    return { file, measurements: (gestures * size) / 3, window: size / 3 };
  }

  for (const board of [boardWith('process'), boardWith('avr-simulator'), boardWith('rp2040-simulator'), onCore('Cortex-M4F')]) {
    it(`${board.name}: what is played goes through its window, and every result is that of the host`, async function () {
      const { file, measurements, window } = await recorded(6);
      const events = await run(this, board, { data: file });
      const sensor = events.find((event) => event.kind === 'sensor')!.sensor;
      assert.deepEqual([sensor.kind, sensor.unit, sensor.channels, sensor.window, sensor.hop], ['accelerometer', 'g', ['x', 'y', 'z'], window, Math.floor(window / 2)]);
      assert.equal(sensor.rateHz, 119);
      const predictions = predictionsOf(events);
      assert.equal(predictions.length, Math.floor((measurements - window) / sensor.hop) + 1);
      assert.deepEqual(predictions.map(({ index }) => index), predictions.map((_, i) => i));
      assert.deepEqual(predictions.filter(({ equalsHost }) => !equalsHost), []);
      assert.ok(new Set(predictions.map(({ label }) => label)).size > 1, 'more than one gesture is seen');
      const values = events.flatMap((event) => (event.kind === 'samples' ? [...event.values] : []));
      assert.equal(values.length, measurements * 3, 'every measurement is told once');
      assert.ok(!events.some((event) => event.kind === 'text'), JSON.stringify(events.filter((event) => event.kind === 'text')));
    });
  }

  it('a microphone: a .wav is played window by window into a model of raw sound; another rate is refused', async function () {
    const board = boardWith('process');
    await toolsOrSkip(this, board);
    const { below } = random(3);
    const path_ = path.join(folder, 'sound.onnx');
    const weights = Array.from({ length: 3 * WAVE_WINDOW }, () => (below(2001) - 1000) / 1000);
    fs.writeFileSync(path_, modelFile({ inputs: [port('sound', [1, WAVE_WINDOW])], outputs: [port('scores', [1, 3])], initializers: [tensor('w', 'float32', [3, WAVE_WINDOW], weights)], nodes: [node('Gemm', ['sound', 'w'], ['scores'], { transB: 1 })] }));
    const sound = Array.from({ length: 2000 }, (_, i) => Math.sin(i / 7) * 0.8);
    const wav = path.join(folder, 'tone.wav');
    fs.writeFileSync(wav, writeWav(sound, 16_000));
    const sensor = { id: 'microphone', hop: 100, flatOut: true };
    const events = await run(this, board, { path: path_, sensor, data: wav });
    const predictions = predictionsOf(events);
    assert.equal(predictions.length, Math.floor((2000 - WAVE_WINDOW) / 100) + 1);
    for (const [w, { scores, equalsHost }] of predictions.entries()) {
      assert.ok(equalsHost);
      // once more by hand, from the file
      const part = parseWav(fs.readFileSync(wav)).data.subarray(w * 100, w * 100 + WAVE_WINDOW);
      for (let c = 0; c < 3; c++) assert.ok(Math.abs(scores[c] - part.reduce((sum, value, i) => sum + value * weights[c * WAVE_WINDOW + i], 0)) < 1e-3);
    }
    fs.writeFileSync(wav, writeWav(sound, 8000));
    await assert.rejects(run(this, board, { path: path_, sensor, data: wav }), (error: ProblemError) => error.problem.code === 'TINYML-SENSOR-RATE');
  });

  it('tinyml flash --sensor: exit status 0, results and sensor in its JSON', async function () {
    const board = boardWith('process');
    await toolsOrSkip(this, board);
    const { file } = await recorded(2);
    const args = [programPath('cli'), 'flash', model, '--board', board.id, '--sensor', 'accelerometer', '--data', file, '--flat-out', '--build-dir', temporaryFolder(), '--json'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
    assert.equal(status, 0, stderr);
    const { summary, events } = JSON.parse(stdout) as { summary: { samples: number; compared: number; equal: number }; events: { kind: string }[] };
    assert.deepEqual([summary.samples, summary.compared, summary.equal], [3, 3, 3]);
    assert.ok(events.some(({ kind }) => kind === 'sensor') && !events.some(({ kind }) => kind === 'samples'));
  });

  it('says what does not fit: another sensor, too short a file, no file, too long a hop', async function () {
    const board = boardWith('process');
    const { file } = await recorded(6);
    const fails = async (change: Partial<RunRequest>, code: string): Promise<void> => {
      await assert.rejects(run(this, board, change), (error: ProblemError) => error instanceof ProblemError && error.problem.code === code && error.problem.fixes.length > 0);
    };
    await fails({ data: file, sensor: { id: 'barometer' } }, 'TINYML-SENSOR-UNKNOWN');
    await fails({ sensor: { id: 'accelerometer' } }, 'TINYML-SENSOR-PLAY');
    await fails({ data: file, sensor: { id: 'accelerometer', hop: 5000 } }, 'TINYML-SENSOR-HOP');
    const short = path.join(folder, 'short.csv');
    fs.writeFileSync(short, 'v0,v1,v2\n1,2,3\n1,2,4\n');
    await fails({ data: short }, 'TINYML-SENSOR-SHORT');
  });
});

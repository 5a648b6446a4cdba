import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { compressModel } from '../../../src/app/compress-model';
import { writeNpz } from '../../../src/app/data/write-npz';
import { runOnBoard } from '../../../src/app/run-on-board';
import type { PredictionEvent, RunEvent, RunRequest } from '../../../src/app/run-contract';
import { ProblemError } from '../../../src/base/problem';
import { quietTask } from '../../../src/base/progress';
import { boards } from '../../../src/device/boards';
import type { Board } from '../../../src/device/boards/board';
import { loadNpz } from '../../../src/app/data/npz';
import { runDeps } from '../../support/planted-board';
import { root } from '../../support/project';
import { boardWith, removeTemporaryFolders, temporaryFolder, toolsOrSkip } from './support/boards';

const onCore = (core: string): Board => boards.find((board) => board.connect.kind === 'qemu' && board.core === core)!;

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

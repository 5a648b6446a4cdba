import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { compressModel } from '../../../src/app/compress-model';
import { runOnBoard } from '../../../src/app/run-on-board';
import type { PredictionEvent } from '../../../src/app/run-contract';
import { quietTask } from '../../../src/base/progress';
import { boards } from '../../../src/device/boards';
import { runDeps } from '../../support/planted-board';
import { root } from '../../support/project';
import { boardWith, removeTemporaryFolders, temporaryFolder, toolsOrSkip } from './support/boards';

const SAMPLES = 100;
const onCore = (core: string) => boards.find((board) => board.connect.kind === 'qemu' && board.core === core)!;

/** The fake ESP32 has its own: fake-esp32.test.ts. An Uno has no room for the larger model. */
const cases = [
  { board: boardWith('avr-simulator'), stem: 'digits-dense' },
  ...[boardWith('rp2040-simulator'), onCore('Cortex-M4F'), onCore('Cortex-M55')].map((board) => ({ board, stem: 'digits' })),
];

describe('predictions of 100 real samples', function () {
  this.timeout(300_000);
  after(removeTemporaryFolders);

  for (const { board, stem } of cases) {
    it(`${board.name}: every output byte equals the host's`, async function () {
      await toolsOrSkip(this, board);
      const folder = temporaryFolder();
      const model = path.join(folder, `${stem}.int8.onnx`);
      fs.copyFileSync(path.join(root, 'samples/digits/digits.npz'), path.join(folder, `${stem}.npz`));
      await compressModel({ path: path.join(root, `samples/digits/${stem}.onnx`), data: path.join(folder, `${stem}.npz`), quantize: 'int8', method: [], out: model }, quietTask);
      const predictions: PredictionEvent[] = [];
      const run = await runOnBoard({ path: model, boardId: board.id, limit: SAMPLES }, runDeps(temporaryFolder()), quietTask, (event) => void (event.kind === 'prediction' && predictions.push(event)));
      const summary = await run.done;
      assert.deepEqual(predictions.filter(({ equalsHost }) => !equalsHost).map(({ index }) => index), []);
      assert.deepEqual([predictions.length, summary.equal, summary.samples], [SAMPLES, SAMPLES, SAMPLES]);
      assert.ok(new Set(predictions.map(({ label }) => label)).size > 5, 'samples of many classes');
    });
  }
});

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { compressModel } from '../../../src/app/compress-model';
import { verifyOnBoard } from '../../../src/app/verify/verify-on-board';
import type { VerifyReport, VerifyRequest } from '../../../src/app/verify/verify-contract';
import { ProblemError } from '../../../src/base/problem';
import { quietTask } from '../../../src/base/progress';
import { runDeps } from '../../support/planted-board';
import { root } from '../../support/project';
import { boardWith, removeTemporaryFolders, temporaryFolder, toolsOrSkip } from './support/boards';
import { buildOptiboot } from './support/optiboot';
import { boardOnPty, type SerialPortOfBoard } from './support/pty';

describe('verify of a board as it is', function () {
  this.timeout(180_000);
  const board = boardWith('port');
  let port: SerialPortOfBoard | undefined;
  afterEach(async () => {
    await port?.close();
    port = undefined;
  });
  after(removeTemporaryFolders);

  it('flashed before, it is taken without building anything; another model is told, with the way out', async function () {
    await toolsOrSkip(this, board);
    port = await boardOnPty(this, { bootloaderImage: buildOptiboot(this).image });
    const folder = temporaryFolder();
    const quantized = async (method: readonly 'bias'[]): Promise<string> => {
      const out = path.join(folder, `dense${method.length}.int8.onnx`);
      fs.copyFileSync(path.join(root, 'samples/digits/digits.npz'), path.join(folder, `dense${method.length}.npz`));
      await compressModel({ path: path.join(root, 'samples/digits/digits-dense.onnx'), data: path.join(root, 'samples/digits/digits.npz'), quantize: 'int8', method, out }, quietTask);
      return out;
    };
    const [model, other] = [await quantized([]), await quantized(['bias'])];
    const buildRoot = temporaryFolder();
    const verify = (change: Partial<VerifyRequest>): Promise<VerifyReport> =>
      verifyOnBoard({ path: model, boardId: board.id, portPath: port!.path, limit: 3, ...change }, runDeps(buildRoot), quietTask, () => {});
    const flashed = await verify({});
    assert.ok(flashed.equal && flashed.basis.compiler !== '');
    const built = fs.readdirSync(path.join(buildRoot, board.id));
    const attached = await verify({ attach: true });
    assert.deepEqual([attached.bytes, attached.traced?.equal, attached.basis.compiler], [{ equal: 3, of: 3 }, 3, '']);
    await assert.rejects(verify({ attach: true, path: other }), (error: unknown) => error instanceof ProblemError && error.problem.code === 'TINYML-CONNECT-WRONG-MODEL' && error.problem.fixes[0].command?.id === 'tinyml.flash');
    assert.deepEqual(fs.readdirSync(path.join(buildRoot, board.id)).filter((name) => fs.existsSync(path.join(buildRoot, board.id, name, 'build'))), built.filter((name) => name === 'dense0.int8'));
    await assert.rejects(verify({ attach: true, portPath: undefined }), (error: unknown) => error instanceof ProblemError && error.problem.code === 'TINYML-VERIFY-ATTACH');
  });
});

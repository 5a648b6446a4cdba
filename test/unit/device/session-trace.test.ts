import assert from 'node:assert/strict';
import { crc32 } from '../../../src/base/crc32';
import { ProblemError } from '../../../src/base/problem';
import { Session } from '../../../src/device/protocol/session';
import { floatOfBits } from '../../../src/device/protocol/trace-collector';
import { FakeBoard, type FakeBoardOptions } from './fake-board';

const layers = [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5, 6, 7, 8)];
const input = new Uint8Array(8);
const open = (options: FakeBoardOptions = {}): { board: FakeBoard; session: Session } => {
  const board = new FakeBoard({ layers, ...options });
  return { board, session: new Session(board.host) };
};

describe('a session that watches layers', () => {
  it('check sums have the catalogue\'s check value, in one part or several', () => {
    const digits = new TextEncoder().encode('123456789');
    assert.equal(crc32(digits), 0xcbf43926);
    assert.equal(crc32(digits.subarray(4), crc32(digits.subarray(0, 4))), 0xcbf43926);
  });

  it('hears of each layer, fetches one result, and stops watching', async () => {
    const { board, session } = open();
    const result = await session.trace(input, 1);
    assert.deepEqual(result.layers.map(({ layer, ticks, us, bytes, crc }) => ({ layer, ticks, us, bytes, crc })), layers.map((bytes, layer) => ({ layer, ticks: 10 * (layer + 1), us: 10 * (layer + 1), bytes: bytes.length, crc: crc32(bytes) })));
    assert.deepEqual(result.tensor, layers[1]);
    assert.deepEqual(result.output, new Uint8Array(8).fill(1));
    assert.deepEqual(board.received.filter((name) => name === 'watch' || name === 'infer'), ['watch', 'infer', 'watch']);
    assert.deepEqual((await session.infer(input)).output, result.output);
    assert.equal(session.stats.unexpected, 0);
    assert.deepEqual(await session.weightsOf(1), { bytes: 9, crc: 0xcbf43926 });
    const { stackUsed, stackBytes } = await session.stack();
    assert.deepEqual([stackUsed, stackBytes], [100, 1000]);
    await session.close();
  });

  it('a lost report is missing, a lost piece leaves no tensor, and the result comes all the same', async () => {
    const lost = open({ faultToHost: (name, count) => (name === 'layerDone' && count === 1 ? 'lose' : undefined) });
    assert.deepEqual((await lost.session.trace(input, undefined)).layers.map(({ layer }) => layer), [1]);
    await lost.session.close();
    const torn = open({ faultToHost: (name, count) => (name === 'tensor' && count === 2 ? 'lose' : undefined) });
    const result = await torn.session.trace(input, 1);
    assert.equal(result.tensor, undefined);
    assert.equal(result.layers.length, 2);
    await torn.session.close();
  });

  it('firmware without layer reports refuses, and runs as before', async () => {
    const { session } = open({ layers: undefined });
    await assert.rejects(session.trace(input, undefined), (error: unknown) => error instanceof ProblemError && error.problem.code === 'TINYML-LINK-REFUSED');
    assert.equal((await session.infer(input)).output.length, 8);
    await session.close();
  });

  it('reads bits of floats', () => {
    for (const value of [0, 1, -2.5, 3.4028234663852886e38]) {
      const view = new DataView(new ArrayBuffer(4));
      view.setFloat32(0, value);
      assert.equal(floatOfBits(view.getUint32(0)), value);
    }
  });
});

import assert from 'node:assert/strict';
import { likelyCause, type DifferingLayer } from '../../../src/app/verify/likely-cause';
import { compareTensors, positionOf } from '../../../src/app/verify/compare-tensors';
import { tensorOf, type Tensor } from '../../../src/engine/ir/tensor';
import type { StaticType } from '../../../src/engine/ir/types';

const type: StaticType = { dtype: 'int8', shape: [1, 2, 4], quantization: { scale: [0.5], zeroPoint: [0] } };
const tensor = (values: readonly number[], of: StaticType = type): Tensor => tensorOf(of, values);
const host = tensor([127, 127, -128, 10, 20, 30, 40, 50]);
const weights = { bytes: 100, crc: 7 };

/** A layer that computes the same by every rule, so that only the tensors tell. */
function layer(board: Tensor, change: Partial<DifferingLayer> = {}, attributes: Readonly<Record<string, number>> = {}): DifferingLayer {
  const step = { view: { rounding: 'tflite-double-round', attributes, graph: {} }, node: {}, op: { evaluate: () => [host] }, kernel: { header: { file: 'tml_x.h' } } } as unknown as DifferingLayer['step'];
  const { differ } = compareTensors(host, board);
  return { step, inputs: [], host, board, differ, weights: { host: weights, board: weights }, ...change };
}
const changed = (at: readonly number[], value: (old: number) => number): Tensor => tensor(Array.from(host.data, (old, i) => (at.includes(i) ? value(old) : old)));

describe('the likely cause of a difference', () => {
  it('is none where nothing differs', () => assert.equal(likelyCause(layer(host)).kind, 'none'));

  it('is the weights where their check sum or length is another, whatever the values say', () => {
    for (const board of [{ bytes: 100, crc: 8 }, { bytes: 99, crc: 7 }]) {
      const cause = likelyCause(layer(changed([3], (x) => x + 1), { weights: { host: weights, board } }));
      assert.deepEqual([cause.kind, cause.certainty], ['weights', 'certain']);
    }
  });

  it('is the rounding rule where another one gives every code of the board', () => {
    const board = changed([3, 5], (x) => x + 1);
    const base = layer(board);
    const step = { ...base.step, op: { evaluate: ({ rounding }: { rounding: string }) => [rounding === 'tflite-single-round' ? board : host] } } as unknown as DifferingLayer['step'];
    const cause = likelyCause({ ...base, step });
    assert.deepEqual([cause.kind, cause.certainty], ['rounding', 'very likely']);
    assert.ok(cause.ruledOut.some((line) => line.startsWith('other weights')));
  });

  it('is saturation where all that differs stands at the end of the codes on the host', () => {
    const cause = likelyCause(layer(changed([0, 1, 2], () => -56)));
    assert.equal(cause.kind, 'saturation');
    assert.match(cause.evidence, /All 3 differing codes stand at -128 or 127/);
    const mixed = likelyCause(layer(changed([0, 3], () => -56)));
    assert.equal(mixed.kind, 'kernel');
    assert.ok(mixed.ruledOut.some((line) => line === 'saturation: 1 of 2 differing codes lie inside of the range'), mixed.ruledOut.join());
  });

  it('is a missing activation where all that differs lies beyond its bound on the board', () => {
    // 0 to 10 in real numbers are codes 0 to 20
    const clamped = tensor([0, 20, 3, 10, 20, 0, 4, 5]);
    const board = tensor([-9, 31, 3, 10, 22, -1, 4, 5]);
    const cause = likelyCause({ ...layer(board, {}, { clampMin: 0, clampMax: 10 }), host: clamped, differ: 4 });
    assert.equal(cause.kind, 'activation');
  });

  it('is the kernel, named, where no test hits', () => {
    const cause = likelyCause(layer(changed([4], (x) => x - 3)));
    assert.deepEqual([cause.kind, cause.certainty], ['kernel', 'unknown']);
    assert.match(cause.evidence, /tml_x\.h/);
  });
});

describe('two results of a layer', () => {
  it('are compared element by element, with places and channels', () => {
    const { differ, of, max, values, channels } = compareTensors(host, changed([1, 5, 7], (x) => x - 4));
    assert.deepEqual([differ, of, max], [3, 8, 4]);
    assert.deepEqual(values.map(({ at }) => at), [[0, 0, 1], [0, 1, 1], [0, 1, 3]]);
    assert.deepEqual(channels, [{ channel: 1, differ: 2 }, { channel: 3, differ: 1 }]);
  });

  it('may differ in the last bits where they are floats, but not by a number that is none', () => {
    const floats: StaticType = { dtype: 'float32', shape: [3] };
    assert.equal(compareTensors(tensor([1, 100, 2], floats), tensor([1.0005, 100, 2], floats)).differ, 0);
    assert.equal(compareTensors(tensor([1, 100, 2], floats), tensor([1.1, 100, 2], floats)).differ, 1);
    const broken = compareTensors(tensor([1, 100, 2], floats), tensor([1, NaN, 2], floats));
    assert.deepEqual([broken.differ, broken.max], [1, Infinity]);
  });

  it('have places in every rank', () => {
    assert.deepEqual(positionOf(0, []), []);
    assert.deepEqual(positionOf(23, [2, 3, 4]), [1, 2, 3]);
  });
});

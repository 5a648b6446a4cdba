import assert from 'node:assert/strict';
import { activePower } from '../../../src/app/active-power';
import { isSame, predictionOf, summaryOf } from '../../../src/app/predictions';
import { boards } from '../../../src/device/boards';

const output = { name: 'scores', dtype: 'int8' as const, shape: [1, 2], scale: 1 / 256, zeroPoint: -128 };
const result = { output: Uint8Array.of(0x80, 0x7f, 9, 9), us: 100, ticks: 1 };

describe('predictions of a board', () => {
  it('are compared in the output that the host has, where the board sends several', () => {
    assert.ok(isSame(output, result.output, Uint8Array.of(0x80, 0x7f)));
    assert.ok(!isSame(output, result.output, Uint8Array.of(0x80, 0x7e)));
    assert.ok(!isSame(output, Uint8Array.of(0x80), Uint8Array.of(0x80, 0x7f)));
  });

  it('claim nothing of a host that does not know the input', () => {
    const unknown = predictionOf({ output, labels: ['no', 'yes'] }, { index: -1 }, result);
    assert.deepEqual([unknown.label, 'equalsHost' in unknown, 'energyUj' in unknown], ['yes', false, false]);
    const known = predictionOf({ output, labels: [] }, { index: 0, expected: Uint8Array.of(0x80, 0x7f) }, result);
    assert.deepEqual([known.label, known.equalsHost], ['1', true]);
    const { samples, compared, equal } = summaryOf([unknown, known]);
    assert.deepEqual([samples, compared, equal], [2, 1, 1]);
  });

  it('have the energy of the measured time at the power that the maker of the chip states', () => {
    const uno = boards.find(({ chip }) => chip === 'ATmega328P')!;
    const { watts, basis } = activePower(uno)!;
    assert.ok(Math.abs(watts - 650e-6 * 16 * 5) < 1e-12);
    assert.match(basis, /^time measured × 10,400 µA at 5 V \(650 µA\/MHz: ATmega.* datasheet/);
    assert.ok(Math.abs(predictionOf({ output, labels: [] }, { index: 0 }, result, watts).energyUj! - 5.2) < 1e-9);
    assert.equal(activePower(boards.find(({ kind }) => kind === 'host')!), undefined);
    assert.equal(activePower(boards.find(({ connect }) => connect.kind === 'qemu')!), undefined);
  });
});

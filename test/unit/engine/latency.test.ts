import assert from 'node:assert/strict';
import path from 'node:path';
import { calibrationFrom } from '../../../src/app/calibrate-board';
import { inspectModel } from '../../../src/app/inspect-model';
import { machineOf } from '../../../src/app/machine';
import { quietTask } from '../../../src/base/progress';
import { boards, findBoard } from '../../../src/device/boards';
import { timingOf } from '../../../src/device/boards/core-timing';
import { powerOf } from '../../../src/device/boards/chip-power';
import { kernelCounts } from '../../../src/engine/cost/kernel-counts';
import { root } from '../../support/project';

const digits = path.join(root, 'samples/digits/digits.onnx');

describe('modelled time', () => {
  it('is the sum of its layers, and says where each factor is from', async () => {
    const { layers, time } = await inspectModel({ path: digits, board: 'uno-sim' }, quietTask);
    assert.ok(time);
    assert.ok(Math.abs(layers.reduce((sum, layer) => sum + layer.timeUs!, 0) - time.us) < 1e-6);
    assert.equal(time.basis, 'modelled');
    assert.ok(time.how.some((sentence) => /off by \d+ % in the median/.test(sentence)));
    assert.ok(time.how.some((sentence) => /16 MHz: Arduino AVR core/.test(sentence)));
    assert.ok(Math.abs(time.energyUj! - time.us * 0.052) < 1e-6, '16 MHz × 650 µA/MHz × 5 V = 52 mW');
  });

  it('is scaled by a calibration, and then says so', async () => {
    const modelled = await inspectModel({ path: digits, board: 'uno-sim' }, quietTask);
    const calibration = calibrationFrom([900, 880, 910], 600, 'Bench Uno', new Date('2026-02-03T10:00:00Z'));
    assert.deepEqual(calibration, { factor: 1.5, source: 'Calibrated on Bench Uno, 2026-02-03: 3 runs of a benchmark model took 0.9 ms (spread 3.3 %), 0.6 ms were modelled: × 1.5.' });
    const calibrated = await inspectModel({ path: digits, board: 'uno-sim', calibration }, quietTask);
    assert.equal(calibrated.time!.basis, 'calibrated');
    assert.ok(Math.abs(calibrated.time!.us / modelled.time!.us - 1.5) < 1e-9);
    assert.ok(calibrated.time!.how.includes(calibration.source));
  });

  it('is left out without a board, without a clock and for a core that nothing is known of', async () => {
    assert.equal((await inspectModel({ path: digits }, quietTask)).time, undefined);
    assert.equal((await inspectModel({ path: digits, board: 'host' }, quietTask)).time, undefined);
    assert.equal(machineOf({ ...findBoard('m4-sim')!, core: 'Z80' }), undefined);
    assert.equal(findBoard('esp8266') && machineOf(findBoard('esp8266')!), undefined);
  });

  it('is a lower bound where a kernel was never counted', async () => {
    const { time, layers } = await inspectModel({ path: digits, board: { ...findBoard('m4-sim')!, isa: 'c99', core: 'Cortex-M55' } }, quietTask);
    const unknown = layers.filter((layer) => layer.timeUs === undefined);
    assert.equal(time!.lowerBound, unknown.length > 0);
  });

  it('rests on counts that exist, for every core that claims them', () => {
    for (const board of boards) {
      const timing = timingOf(board.core, board.chip);
      if (timing) assert.ok(kernelCounts[timing.code] && (!timing.realCode || kernelCounts[timing.realCode]), board.id);
    }
    for (const [code, { kernels, medianError, layers }] of Object.entries(kernelCounts)) {
      assert.ok(layers > 50 && medianError < 0.25, code);
      for (const [kernel, cost] of Object.entries(kernels)) assert.ok(cost.length === 5 && cost.every((c) => c >= 0) && cost.some((c) => c > 0), `${code} ${kernel}`);
    }
  });

  it('has power only where a data sheet says so', () => {
    assert.equal(powerOf('nRF52840')!.microampsPerMHz.value, 52);
    assert.equal(powerOf('RP2040'), undefined);
  });
});

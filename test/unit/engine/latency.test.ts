import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { packed, packings } from '../../../bench/measure/models';
import { calibrationFrom } from '../../../src/app/calibrate-board';
import { inspectModel } from '../../../src/app/inspect-model';
import { machineOf } from '../../../src/app/machine';
import { quietTask } from '../../../src/base/progress';
import { openModel } from '../../../src/app/model-file';
import { boards, findBoard } from '../../../src/device/boards';
import { siliconErrors } from '../../../src/device/boards/silicon';
import { planProgram } from '../../../src/engine/codegen/program';
import { layerTime, layerTimesUs, timeReport } from '../../../src/engine/cost/latency';
import { lower } from '../../../src/engine/passes/pipeline';
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
    assert.ok(time.how.some((sentence) => /NUCLEO-L4R5ZI .* 14 % low in the mean, 22 % at worst/.test(sentence)));
    assert.ok(Math.abs(time.energyUj! - time.us * 0.052) < 1e-6, '16 MHz × 650 µA/MHz × 5 V = 52 mW');
  });

  it('of bytes and MACs says how they were made, too', async () => {
    const { totals } = await inspectModel({ path: digits }, quietTask);
    assert.match(totals.how.flashBytes, /code is modelled .* at most \d+ B off/);
    for (const basis of ['macs', 'weightBytes', 'ramBytes'] as const) assert.ok(totals.how[basis].startsWith('Exact'), basis);
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

  it('is known of layers that skip zeros or decode weights, and says how far off those have been', async () => {
    const { canonical } = await openModel(digits, quietTask);
    for (const packing of packings) {
      const lowered = lower(packed(canonical, packing));
      const program = planProgram(lowered, 'c99', { goal: packing.goal });
      assert.ok(program.steps.some(({ plan }) => plan?.work), packing.name);
      const machine = machineOf(findBoard('m3-sim')!)!;
      const time = timeReport(program.steps, layerTimesUs(program.steps, machine), machine)!;
      assert.equal(time.lowerBound, false, packing.name);
      assert.ok(time.how.some((sentence) => /^Layers that decode weights or skip zeros: \d+ counted/.test(sentence)));
      for (const step of program.steps.filter(({ plan }) => plan?.work)) assert.ok(layerTime(step, machine)!.us > 0);
    }
  });

  it('of a layer with more zeros is less', async () => {
    const { canonical } = await openModel(digits, quietTask);
    const machine = machineOf(findBoard('m3-sim')!)!;
    const us = (share: number): number => {
      const { steps } = planProgram(lower(packed(canonical, { goal: 'flash', name: '', pattern: 'free', share })), 'c99', { goal: 'flash' });
      return layerTime(steps.find(({ node }) => node.name === '/conv2/Conv')!, machine)!.us;
    };
    assert.ok(us(0.8) < us(0.6) && us(0.6) < us(0.4));
  });

  it('has the errors against silicon that docs/benchmarks.md states', () => {
    const text = fs.readFileSync(path.join(root, 'docs/benchmarks.md'), 'utf8');
    for (const { error } of siliconErrors) assert.ok(text.includes(`−${Math.abs(error * 100).toFixed(1)} %`), `${error}`);
  });

  it('has power only where a data sheet says so', () => {
    assert.equal(powerOf('nRF52840')!.microampsPerMHz.value, 52);
    assert.equal(powerOf('RP2040'), undefined);
  });
});

import assert from 'node:assert/strict';
import { boards } from '../../../src/device/boards';
import type { Sourced } from '../../../src/device/boards/board';
import { powerOf } from '../../../src/device/boards/chip-power';
import { featuresOf } from '../../../src/device/boards/core-features';
import { ramRegionsOf } from '../../../src/device/boards/ram-regions';
import { timingOf } from '../../../src/device/boards/core-timing';

const isSourced = (figure: Sourced | undefined): boolean => figure !== undefined && Number.isFinite(figure.value) && figure.value > 0 && figure.source.length > 20 && !/\b(unknown|guess|todo)/i.test(figure.source);

describe('catalogue of boards', () => {
  const chips = boards.filter(({ kind }) => kind !== 'host');

  it('has at least 40 boards with different ids', () => {
    assert.ok(boards.length >= 40);
    assert.equal(new Set(boards.map(({ id }) => id)).size, boards.length);
  });

  it('says of every figure where it is from', () => {
    for (const { id, core, chip, clockHz, flashBytes, ramBytes, sensors } of chips) {
      const figures: Record<string, Sourced | undefined> = { clockHz, flashBytes, ramBytes };
      for (const sensor of sensors ?? []) figures[`rate of ${sensor.id}`] = sensor.rateHz;
      const timing = timingOf(core, chip);
      if (timing) Object.assign(figures, { 'cycles on integers': timing.cyclesPerInstruction.integer, 'cycles on real numbers': timing.cyclesPerInstruction.real });
      const power = powerOf(chip);
      if (power) Object.assign(figures, { current: power.microampsPerMHz, voltage: power.volts });
      for (const [name, figure] of Object.entries(figures)) assert.ok(isSourced(figure), `${id}: ${name}: ${figure?.source}`);
    }
  });

  it('says where USB ids and units of the core are from', () => {
    for (const { id, usb, bootUsb, usbSource, core, chip } of chips) {
      assert.equal(usb !== undefined || bootUsb !== undefined, usbSource !== undefined, id);
      for (const { vendorId, productId } of [...(usb ?? []), ...(bootUsb ?? [])]) assert.ok(vendorId > 0 && vendorId <= 0xffff && productId >= 0 && productId <= 0xffff, id);
      assert.ok((featuresOf(core, chip)?.source ?? '').length > 20, `${id}: ${core}`);
    }
  });

  it('has memories that hold what a program may use', () => {
    for (const board of chips) {
      const regions = ramRegionsOf(board);
      assert.ok(regions.reduce((sum, { bytes }) => sum + bytes, 0) >= board.ramBytes!.value, board.id);
      for (const { bytes, source } of regions) assert.ok(bytes > 0 && source.length > 20, board.id);
      const placed = regions.filter(({ origin }) => origin !== undefined).sort((a, b) => a.origin! - b.origin!);
      placed.forEach(({ origin }, i) => assert.ok(i === 0 || placed[i - 1].origin! + placed[i - 1].bytes <= origin!, `${board.id}: memories overlap`));
    }
  });

  it('chooses kernels that its cores can run', () => {
    for (const { id, core, chip, isa } of chips) {
      const { simd } = featuresOf(core, chip)!;
      assert.equal(isa === 'dsp' || isa === 'mve' ? isa : 'none', simd, id);
    }
  });
});

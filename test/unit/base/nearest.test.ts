import assert from 'node:assert/strict';
import { didYouMean, nearest } from '../../../src/base/nearest';

describe('the nearest name', () => {
  const choices = ['uno', 'uno-sim', 'pico', 'nano-33-ble', 'm4-sim', 'nucleo-l4r5zi'];

  it('is the one with a letter changed, left out, put in or swapped', () => {
    for (const [wrong, right] of [['unno', 'uno'], ['UNO', 'uno'], ['picoo', 'pico'], ['pcio', 'pico'], ['m4sim', 'm4-sim'], ['nano33ble', 'nano-33-ble'], ['uno-smi', 'uno-sim']]) assert.equal(nearest(wrong, choices), right);
  });

  it('is one that begins with what was written, or has it as a part', () => {
    assert.equal(nearest('nucleo', choices), 'nucleo-l4r5zi');
    assert.equal(nearest('ble', choices), 'nano-33-ble');
  });

  it('is none where more than a third would be other letters', () => {
    for (const far of ['esp32', 'teensy', 'zz', '']) assert.equal(nearest(far, choices), undefined, far);
    assert.equal(nearest('uno', []), undefined);
    assert.deepEqual([didYouMean('unno', choices), didYouMean('bord', ['board'], '--'), didYouMean('esp32', choices)], ['; did you mean uno?', '; did you mean --board?', '']);
  });
});

import assert from 'node:assert/strict';
import { encode } from 'flatbuffers/js/flexbuffers.js';
import { readFlexMap, writeFlexMap } from '../../../src/engine/formats/tflite/flexbuffer';
import { detectionCases } from '../../support/tflite-detection';

describe('options of custom operators (flexbuffers)', () => {
  it('reads what the flatbuffers project writes, in numbers of any width', () => {
    for (const values of [{ a: 1 }, { max_detections: 10, num_classes: 90, y_scale: 10.5, use_regular_nms: true }, { wide: 2 ** 40, small: -3, b: false, third: 0.1 }]) {
      const bytes = encode(values);
      assert.deepEqual(readFlexMap(bytes), Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Number(value)])));
    }
  });

  it('writes what it reads', () => {
    const values = { zeta: 7, alpha: -1, ratio: 0.5, on: true };
    assert.deepEqual(readFlexMap(writeFlexMap(values, new Set(['ratio']))), { alpha: -1, on: 1, ratio: 0.5, zeta: 7 });
    assert.deepEqual(readFlexMap(writeFlexMap({}, new Set())), {});
  });

  it('takes other values and damage for nothing', () => {
    assert.deepEqual(readFlexMap(encode({ text: 'x', list: [1, 2] })), {});
    assert.deepEqual(readFlexMap(encode([1, 2, 3])), {});
    assert.deepEqual(readFlexMap(new Uint8Array(0)), {});
    const whole = detectionCases()[0].graph.operators[0].custom!;
    for (let end = 0; end < whole.length; end++) readFlexMap(whole.subarray(0, end));
    for (let at = 0; at < whole.length; at++) for (const value of [0, 1, 127, 255]) readFlexMap(whole.map((byte, i) => (i === at ? value : byte)));
  });
});

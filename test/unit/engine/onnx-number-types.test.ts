import assert from 'node:assert/strict';
import { readOnnx } from '../../../src/engine/formats/onnx/read';
import { writeOnnx } from '../../../src/engine/formats/onnx/write';
import { constantTensor, tensorOf } from '../../../src/engine/ir/tensor';
import type { DType } from '../../../src/engine/ir/types';
import { canonicalize } from '../../../src/engine/passes/pipeline';
import { Interpreter } from '../../../src/engine/verify/interpret';
import { modelFile, node, port, tensor } from '../../support/onnx-builder';

/** Numbers that each type holds exactly. */
const values: Partial<Record<DType, readonly number[]>> = {
  float16: [0.5, -2, 65504], bfloat16: [0.5, -2, 3.0517578125e-5], int4: [-8, 7, 3], uint4: [0, 15, 9], int8: [-128, 127, 3], uint16: [0, 65535, 9], int64: [-(2 ** 40), 2 ** 40, 3], float64: [0.1, -2e100, 3],
};

describe('number types of ONNX initializers', () => {
  for (const [dtype, numbers] of Object.entries(values) as [DType, readonly number[]][]) {
    it(`${dtype}: in three numbers, which are packed where they are narrow, read and written back`, () => {
      const file = modelFile({
        opset: 21, irVersion: 10, nodes: [node('Cast', ['w'], ['wide'], { to: 1 }), node('Add', ['x', 'wide'], ['y']), node('Gather', ['w', 'i'], ['picked'])],
        inputs: [port('x', [3]), port('i', [1], 'int64')], outputs: [port('y', [3]), port('picked', [1], dtype)], initializers: [tensor('w', dtype, [3], numbers)],
      });
      const { model, problems } = readOnnx(file, 'm.onnx');
      assert.deepEqual(problems, []);
      for (const form of [model, readOnnx(writeOnnx(canonicalize(model)).bytes, 'm.onnx').model]) {
        const stored = [...form.graph.values.values()].find((value) => value.constant && value.type.dtype === dtype)!;
        assert.deepEqual(Array.from(constantTensor(stored).data), numbers);
        const [sum, picked] = new Interpreter(form).run([tensorOf({ dtype: 'float32', shape: [3] }, [0, 0, 0]), tensorOf({ dtype: 'int64', shape: [1] }, [1])]);
        assert.deepEqual(Array.from(sum.data), numbers.map(Math.fround));
        assert.deepEqual(Array.from(picked.data), [numbers[1]]);
      }
    });
  }
});

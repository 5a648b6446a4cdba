import assert from 'node:assert/strict';
import { lowRank } from '../../../../src/engine/compress/factorize/low-rank';
import { splitLayer, splittingsOf } from '../../../../src/engine/compress/factorize/split-layer';
import { weightLayers } from '../../../../src/engine/compress/plan';
import { statisticsOf } from '../../../../src/engine/compress/prune/input-statistics';
import { tensorOf } from '../../../../src/engine/ir/tensor';
import type { Model, StaticType } from '../../../../src/engine/ir/types';
import { verifyGraph } from '../../../../src/engine/ir/verify';
import { conv } from '../../../../src/engine/ops/conv/op';
import { dense } from '../../../../src/engine/ops/dense/op';
import { Interpreter } from '../../../../src/engine/verify/interpret';
import { symmetricEigen } from '../../../../src/engine/quant/eigen';
import { Random } from '../../../support/random';
import { ModelBuilder, randomInput } from '../../../support/random-graph';

function product(outer: Float64Array, inner: Float64Array, rows: number, rank: number, columns: number): Float64Array {
  const result = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) for (let r = 0; r < rank; r++) for (let c = 0; c < columns; c++) result[i * columns + c] += outer[i * rank + r] * inner[r * columns + c];
  return result;
}

function run(model: Model, input: readonly number[]): number[] {
  const type = model.graph.values.get(model.graph.inputs[0])!.type as StaticType;
  return Array.from(new Interpreter(model).run([tensorOf(type, input)])[0].data);
}

describe('lower ranks', () => {
  it('eigenvalues and vectors of a symmetric matrix', () => {
    const random = new Random(8);
    const n = 20;
    const a = new Float64Array(n * n);
    for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) a[i * n + j] = a[j * n + i] = random.real(-1, 1);
    const { values, vectors } = symmetricEigen(a, n);
    for (let i = 0; i < n; i++) {
      assert.ok(i === 0 || values[i] <= values[i - 1]);
      for (let k = 0; k < n; k++) {
        let image = 0;
        for (let j = 0; j < n; j++) image += a[k * n + j] * vectors[i * n + j];
        assert.ok(Math.abs(image - values[i] * vectors[i * n + k]) < 1e-9);
      }
    }
  });

  for (const [rows, columns] of [[6, 9], [9, 6]]) {
    it(`${rows} by ${columns}: exact at full rank, and never worse than plain decomposition on the inputs it was made for`, () => {
      const random = new Random(rows);
      const weights = random.reals(rows * columns);
      // Inputs that vary much in some directions and little in others.
      const mix = random.reals(columns * columns).map((x, i) => x * 3 ** -(i % columns));
      const inputs = Float64Array.from(Array.from({ length: 400 }, () => {
        const z = random.reals(columns);
        return Array.from({ length: columns }, (_, c) => z.reduce((sum, x, k) => sum + x * mix[c * columns + k], 0));
      }).flat());
      const error = (approximation: Float64Array): number => {
        let sum = 0;
        for (let n = 0; n < 400; n++) {
          for (let i = 0; i < rows; i++) {
            let difference = 0;
            for (let c = 0; c < columns; c++) difference += (weights[i * columns + c] - approximation[i * columns + c]) * inputs[n * columns + c];
            sum += difference ** 2;
          }
        }
        return sum;
      };
      const [aware, plain] = [lowRank(weights, rows, columns, statisticsOf(inputs, columns)), lowRank(weights, rows, columns)];
      const at = (made: typeof aware, rank: number): Float64Array => {
        const { outer, inner } = made.factors(rank);
        return product(outer, inner, rows, rank, columns);
      };
      at(aware, 6).forEach((w, i) => assert.ok(Math.abs(w - weights[i]) < 1e-6));
      for (const rank of [1, 2, 3, 4]) assert.ok(error(at(aware, rank)) <= error(at(plain, rank)) * 1.02, `rank ${rank}`);
      assert.ok(error(at(aware, 2)) < error(at(plain, 2)) * 0.9);
      assert.ok(aware.loss(0) > 0.99 && aware.loss(6) < 1e-9);
    });
  }

  it('split layers compute the same at full rank, in both layouts and forms', () => {
    let count = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const random = new Random(seed);
      const b = new ModelBuilder(random, false);
      const layout = random.pick(['nchw', 'nhwc'] as const);
      const [side, channels, outputs] = [random.int(5, 7), random.int(2, 4), random.int(3, 6)];
      const kernel = random.pick([[1, 1], [3, 3], [3, 2], [2, 3]]);
      const isDense = seed % 5 === 0;
      const from = b.input(isDense ? [2, channels] : layout === 'nchw' ? [1, channels, side, side] : [1, side, side, channels]);
      const shape = isDense ? [outputs, channels] : layout === 'nchw' ? [outputs, channels, ...kernel] : [outputs, ...kernel, channels];
      const attributes = { layout, group: 1, strides: random.pick([[1, 1], [2, 1], [2, 2]]), pads: random.pick([[0, 0, 0, 0], [1, 0, 1, 1], [1, 1, 1, 1]]), clampMin: 0 };
      const model = b.finish(b.layer(isDense ? dense.name : conv.name, [from, ...b.weights(shape, from)], isDense ? { clampMin: 0 } : attributes));
      for (const splitting of splittingsOf(model, weightLayers(model.graph)[0], new Map())) {
        const full = splitting.form === 'spatial' ? Math.min(outputs * kernel[1], channels * kernel[0]) : Math.min(outputs, isDense ? channels : channels * kernel[0] * kernel[1]);
        const split = splitLayer(model, splitting, full);
        assert.deepEqual(verifyGraph(split.graph), []);
        const input = randomInput(random, b.editor.value(from).type as StaticType);
        const [want, got] = [run(model, input), run(split, input)];
        assert.equal(got.length, want.length);
        want.forEach((w, i) => assert.ok(Math.abs(w - got[i]) < 1e-4 * (1 + Math.abs(w)), `seed ${seed} ${splitting.form}: ${w} ${got[i]}`));
        count++;
      }
    }
    assert.ok(count > 50);
  });
});

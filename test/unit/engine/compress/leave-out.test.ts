import assert from 'node:assert/strict';
import { leaveOut } from '../../../../src/engine/compress/prune/leave-out';
import { sitesOf, type Place, type Unit } from '../../../../src/engine/compress/prune/units';
import { GraphEditor } from '../../../../src/engine/ir/edit';
import { constantOf, constantTensor, tensorOf } from '../../../../src/engine/ir/tensor';
import type { Model, StaticType, ValueId } from '../../../../src/engine/ir/types';
import { verifyGraph } from '../../../../src/engine/ir/verify';
import { Interpreter } from '../../../../src/engine/verify/interpret';
import { Random } from '../../../support/random';
import { randomBranches } from '../../../support/random-branches';
import { randomInput } from '../../../support/random-graph';

const GRAPHS = 1000;

/** The model with zeros in all that makes some units: their rows of weights and biases. */
function zeroed(model: Model, units: readonly Unit[]): Model {
  const editor = GraphEditor.of(model.graph);
  for (const { value, axis, entry } of units.flatMap((unit) => unit.places)) {
    const old = editor.value(value);
    if (!old.constant || axis !== 0) continue;
    const { data, type } = constantTensor(old);
    const size = data.length / type.shape[0];
    editor.values.set(value, { ...old, constant: constantOf(tensorOf(type, Float64Array.from(data, (x, i) => (Math.floor(i / size) === entry ? 0 : x)))) });
  }
  return { ...model, graph: editor.finish() };
}

/** Units whose every activation is zero: others pass a sigmoid, or a batch normalization, and are a constant behind it. */
function zeroUnits(model: Model, units: readonly Unit[], input: readonly number[]): Unit[] {
  const values = new Map<ValueId, { shape: readonly number[]; data: ArrayLike<number> }>();
  run(model, input, (id, shape, data) => values.set(id, { shape, data }));
  const isZero = ({ value, axis, entry }: Place): boolean => {
    const seen = values.get(value);
    if (!seen) return true;
    const inner = seen.shape.slice(axis + 1).reduce((a, b) => a * b, 1);
    return Array.from(seen.data).every((x, i) => Math.floor(i / inner) % seen.shape[axis] !== entry || x === 0);
  };
  return units.filter((unit) => unit.places.every(isZero));
}

function run(model: Model, input: readonly number[], visit?: (id: ValueId, shape: readonly number[], data: ArrayLike<number>) => void): number[] {
  const type = model.graph.values.get(model.graph.inputs[0])!.type as StaticType;
  return Array.from(new Interpreter(model).run([tensorOf(type, input)], (id, tensor) => visit?.(id, tensor.type.shape, tensor.data))[0].data);
}

/** Some units of each site; one at least stays. */
const someUnits = (model: Model, random: Random): Unit[] =>
  sitesOf(model).flatMap(({ units }) => units.filter((_, i) => i > 0 && random.real(0, 1) < 0.4));

describe('leaving out channels', function () {
  this.timeout(120_000);

  it(`${GRAPHS} random graphs with branches: valid, and channels that are exactly zero change no output`, () => {
    let [narrowed, exact] = [0, 0];
    for (let seed = 1; seed <= GRAPHS; seed++) {
      const random = new Random(seed);
      const model = randomBranches(random);
      assert.deepEqual(verifyGraph(model.graph), [], `seed ${seed}`);
      const units = someUnits(model, random);
      const input = randomInput(random, model.graph.values.get(model.graph.inputs[0])!.type as StaticType);
      const smaller = leaveOut(model, units);
      assert.deepEqual(verifyGraph(smaller.graph), [], `seed ${seed}`);
      assert.equal(run(smaller, input).length, 3, `seed ${seed}`);
      if (units.length) narrowed++;
      const before = zeroed(model, units);
      const zero = zeroUnits(before, units, input);
      if (!zero.length) continue;
      exact++;
      const after = leaveOut(before, zero);
      assert.ok(elements(after) < elements(before));
      assert.deepEqual(run(after, input), run(before, input), `seed ${seed}`);
    }
    assert.ok(narrowed > GRAPHS * 0.9 && exact > GRAPHS * 0.8, `${narrowed} graphs narrowed, ${exact} by channels of zeros`);
  });
});

const elements = ({ graph }: Model): number => [...graph.values.values()].reduce((sum, { type }) => sum + type.shape!.reduce((a, b) => a * b, 1), 0);

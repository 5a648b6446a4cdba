import assert from 'node:assert/strict';
import { concatBytes } from '../../src/base/bytes';
import { emitModel } from '../../src/engine/codegen/emit';
import type { Isa } from '../../src/engine/codegen/kernel';
import { planProgram, type Program } from '../../src/engine/codegen/program';
import { isStatic } from '../../src/engine/ir/dtype';
import { encodeBytes, tensorOf, type Tensor } from '../../src/engine/ir/tensor';
import type { Model } from '../../src/engine/ir/types';
import { verifyGraph } from '../../src/engine/ir/verify';
import { Interpreter } from '../../src/engine/verify/interpret';
import type { CModel } from './emitted-c';
import type { Random } from './random';
import { randomInput } from './random-graph';

const RUNS = 3;

/** Files may be called anything; C may not. The number behind keeps them apart. */
const NAMES = ['model', '*/ evil', '??/', 'while', 'Über-Netz', '7th', '\u202Emodel\u202C', 'a"b\\\n'];

interface Runnable {
  run(inputs: Uint8Array): Uint8Array;
  dispose(): void;
}

/**
 * Generates C of all models, builds one program of them, and holds every output of several runs against the reference
 * interpreter: codes bit for bit, floats within 1e-5 of the largest. `references` are the models to interpret where they are others
 * with the same inputs and outputs. Returns the planned programs.
 */
export function comparePrograms(models: readonly Model[], isa: Isa, random: Random, build: (models: readonly CModel[]) => Runnable, references: readonly Model[] = models): Program[] {
  const programs = planned(models, isa);
  const runnable = build(emitted(programs));
  try {
    const interpreters = references.map((model) => new Interpreter(model));
    const runs = Array.from({ length: RUNS }, () => models.map((model) => inputsOf(model, random)));
    const got = runnable.run(bytesOf(runs.flat(2)));
    let at = 0;
    for (const run of runs) {
      run.forEach((inputs, i) => {
        for (const want of interpreters[i].run(inputs)) {
          const bytes = encodeBytes(want.type.dtype, want.data);
          assertEqual(want, got.slice(at, at + bytes.length), `model ${i}: ${programs[i].steps.map((step) => step.plan!.function).join(', ')}`);
          at += bytes.length;
        }
      });
    }
    assert.equal(at, got.length);
  } finally {
    runnable.dispose();
  }
  return programs;
}

/** Generates C of the models and of those that they were made of, and holds every byte of their outputs on the same inputs equal. */
export function compareBytes(models: readonly Model[], wholes: readonly Model[], isa: Isa, random: Random, build: (models: readonly CModel[]) => Runnable): void {
  const inputs = bytesOf(Array.from({ length: RUNS }, () => wholes.map((model) => inputsOf(model, random))).flat(2));
  const [got, want] = [models, wholes].map((list) => {
    const runnable = build(emitted(planned(list, isa)));
    try {
      return Buffer.from(runnable.run(inputs));
    } finally {
      runnable.dispose();
    }
  });
  assert.ok(want.length > 0);
  assert.deepEqual(got, want);
}

const planned = (models: readonly Model[], isa: Isa): Program[] =>
  models.map((model) => {
    assert.deepEqual(verifyGraph(model.graph), []);
    const program = planProgram(model, isa);
    assert.deepEqual(program.refusals, []);
    return program;
  });

const emitted = (programs: readonly Program[]): CModel[] =>
  programs.map((program, i) => ({ emitted: emitModel(program, `${NAMES[i % NAMES.length]} ${i}`), inputs: program.model.graph.inputs.length, outputs: program.model.graph.outputs.length }));

const bytesOf = (tensors: readonly Tensor[]): Uint8Array => concatBytes(tensors.map((tensor) => encodeBytes(tensor.type.dtype, tensor.data)));

function inputsOf({ graph }: Model, random: Random): Tensor[] {
  return graph.inputs.map((id) => {
    const { type } = graph.values.get(id)!;
    assert.ok(isStatic(type));
    return tensorOf(type, randomInput(random, type));
  });
}

function assertEqual(want: Tensor, got: Uint8Array, what: string): void {
  if (want.type.dtype !== 'float32') return assert.deepEqual(Buffer.from(got), Buffer.from(encodeBytes(want.type.dtype, want.data)), what);
  const values = new Float32Array(got.buffer);
  // NaN and infinity have to be the same.
  const scale = Math.max(1e-3, ...Array.from(want.data, Math.abs).filter(Number.isFinite));
  want.data.forEach((value: number, i: number) => assert.ok(Object.is(values[i], value) || Math.abs(values[i] - value) <= 1e-5 * scale, `${what}, element ${i}: ${values[i]}, expected ${value}`));
}

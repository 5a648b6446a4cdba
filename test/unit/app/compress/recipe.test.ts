import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { parseRecipe, recipeBeside, recipeFields, recipeText } from '../../../../src/app/compress/recipe';
import type { CompressRequest } from '../../../../src/app/engine-contract';
import { ProblemError } from '../../../../src/base/problem';
import { root } from '../../../support/project';

const parse = (steps: unknown, more: object = {}): ReturnType<typeof parseRecipe> => parseRecipe('r.json', JSON.stringify({ schema: 'tinyml-recipe/1', steps, ...more }));
const refused = (code: string, ...parts: RegExp[]) => (error: unknown): boolean => {
  assert.ok(error instanceof ProblemError);
  assert.equal(error.problem.code, code);
  for (const part of parts) assert.match(error.problem.detail!, part);
  return true;
};

describe('recipes', () => {
  it('come back as they were written', () => {
    const request: CompressRequest = {
      path: '/m.onnx', data: '/d.npz', out: '/o.onnx', replace: true,
      steps: [{ kind: 'prune', measure: 'macs', share: 0.3, importance: 'l2', dropBlocks: true }, { kind: 'factorize', measure: 'flash', most: 20_000 }],
      after: [{ kind: 'sparsify', pattern: 'blocks', share: 0.4 }, { kind: 'cluster', entries: 16 }], quantize: 'mixed', method: ['equalize', 'reconstruct'], ranges: 'percentile', budget: { flashShare: 0.6 }, layers: { a: { weights: 'int4' } }, timeLimitSeconds: 60,
    };
    const { path: _path, data: _data, out: _out, replace: _replace, ...recipe } = request;
    assert.deepEqual(parseRecipe('r.json', recipeText(request)), recipe);
    assert.deepEqual(parse([{ kind: 'quantize', to: 'int8' }]), { quantize: 'int8' });
    assert.equal(recipeBeside(path.join('a', 'digits.pruned.onnx')), path.join('a', 'digits.pruned.tinyml-recipe.json'));
  });

  it('that are wrong are told all at once', () => {
    assert.throws(() => parse([{ kind: 'prune', measure: 'bytes', share: 2 }, { kind: 'melt' }, { measure: 'macs' }]), refused('TINYML-RECIPE', /"measure" in step 1 is "bytes"/, /"share" in step 1 is 2/, /step 2 is "melt"; known are/, /step 3 has no "kind"/));
    assert.throws(() => parse([{ kind: 'prune', measure: 'macs' }]), refused('TINYML-RECIPE', /either "share" or "most"/));
    assert.throws(() => parse([{ kind: 'quantize', to: 'int8' }, { kind: 'quantize', to: 'int4' }]), refused('TINYML-RECIPE', /two steps quantize/));
    assert.throws(() => parse([{ kind: 'cluster' }, { kind: 'cluster', entries: 5 }, { kind: 'sparsify' }, { kind: 'sparsify', pattern: '2:4', share: 0.5 }]), refused('TINYML-RECIPE', /"entries" is missing in step 1/, /"entries" in step 2 is 5/, /"share" is missing in step 3/, /step 4 has a pattern that leaves 0\.5/));
    assert.throws(() => parse([{ kind: 'quantize' }], { other: 1 }), refused('TINYML-RECIPE', /"to" is missing/, /no "other"/));
    for (const text of ['', '[]', '{', '{"schema":"tinyml-recipe/2","steps":[]}', '{"schema":"tinyml-recipe/1","steps":[]}']) assert.throws(() => parseRecipe('r.json', text), refused('TINYML-RECIPE'));
    assert.throws(() => parse([{ kind: 'toString', measure: 'macs', share: 0.1 }]), refused('TINYML-RECIPE'));
  });

  it('a step that fine-tunes is refused as such, whatever else is wrong', () => {
    assert.throws(() => parse([{ kind: 'prune', measure: 'macs', share: 0.3 }, { kind: 'fineTune', epochs: 10 }, { kind: 'quantize', to: 'int8' }]), refused('TINYML-RECIPE-FINE-TUNE', /later version/));
  });

  it('are as the schema says', () => {
    const { definitions } = JSON.parse(fs.readFileSync(path.join(root, 'schemas/recipe.schema.json'), 'utf8')) as { definitions: Record<string, { additionalProperties: boolean; properties: Record<string, { enum?: unknown[] }> }> };
    for (const [kind, fields] of Object.entries(recipeFields)) {
      assert.deepEqual(Object.keys(definitions[kind].properties).sort(), ['kind', ...Object.keys(fields)].sort(), kind);
      assert.equal(definitions[kind].additionalProperties, false);
      for (const [name, property] of Object.entries(definitions[kind].properties)) for (const value of property.enum ?? []) assert.ok(fields[name](value), `${kind} ${name} ${String(value)}`);
    }
  });
});

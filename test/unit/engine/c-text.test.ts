import assert from 'node:assert/strict';
import { cComment, cFloat, cIdentifier, cNumber, uniqueNames } from '../../../src/engine/codegen/c-text';
import { Random } from '../../support/random';

describe('text in C sources', () => {
  it('identifiers from any name', () => {
    const cases: [string, string][] = [
      ['/conv1/Conv', 'conv1_conv'], ['3d.model', 'model_3d_model'], ['int', 'model_int'], ['__x__', 'x'], ['', 'model'], ['日本', 'model'], ['*/ evil();', 'evil'], ['a\nb', 'a_b'], ['Class', 'model_class'],
      ['math', 'model_math'], ['String', 'model_string'], ['tml_dense_dsp', 'model_tml_dense_dsp'], ['TML', 'model_tml'], ['tmlx', 'tmlx'],
    ];
    for (const [from, to] of cases) assert.equal(cIdentifier(from), to);
    assert.match(cIdentifier('x'.repeat(500)), /^x{1,48}$/);
  });

  it('repeated names get numbers', () => {
    const unique = uniqueNames();
    assert.deepEqual(['a', 'a', 'a_2', 'b', 'a'].map(unique), ['a', 'a_2', 'a_2_2', 'b', 'a_3']);
  });

  it('comments cannot end early, nor hold trigraphs or invisible characters', () => {
    assert.equal(cComment('a */ int x; /* b'), 'a * / int x; / * b');
    assert.equal(cComment('??/\u202e\n'), '? ?/? ?');
    for (const hostile of ['*/', '**/', '*\\\n/', '/**/', '??/', '*//*']) assert.doesNotMatch(cComment(hostile), /\*\/|\/\*|\?\?\/|\n/);
  });

  it('floats read back as the same bits', () => {
    const random = new Random(1);
    const words = new Uint32Array(1);
    const floats = new Float32Array(words.buffer);
    for (let i = 0; i < 20_000; i++) {
      words[0] = random.next();
      if (!Number.isFinite(floats[0])) continue;
      const text = cFloat(floats[0]);
      assert.match(text, /^-?[0-9.]+(e[+-]?\d+)?f$/);
      assert.ok(/[.e]/.test(text), text);
      assert.ok(Object.is(Math.fround(Number(text.slice(0, -1))), floats[0]), text);
    }
    assert.deepEqual([1, 0.1, -0, 1e30, Infinity, -Infinity].map(cFloat), ['1.0f', '0.1f', '-0.0f', '1e+30f', 'INFINITY', '-INFINITY']);
  });

  it('the smallest integer is written so that it has type int', () => {
    assert.equal(cNumber(-(2 ** 31)), '(-2147483647 - 1)');
    assert.equal(cNumber(0.5), '0.5f');
    assert.equal(cNumber(-7), '-7');
  });
});

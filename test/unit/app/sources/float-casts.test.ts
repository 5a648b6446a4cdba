import assert from 'node:assert/strict';
import { findFloatCasts } from '../../../../src/app/sources/float-casts';
import type { GeneratedHeader } from '../../../../src/app/sources/generated-c';

const kws: GeneratedHeader = { name: 'kws', inputs: [{ index: 0, type: 'int8_t', scale: 0.5, zeroPoint: -3 }] };
const found = (text: string, headers = [kws]): { text: string; replacement?: string }[] =>
  findFloatCasts(text, headers).map(({ from, to, replacement }) => ({ text: text.slice(from, to), ...(replacement === undefined ? {} : { replacement }) }));

describe('real numbers cast into a model\'s input', () => {
  it('names the cast and the line that rounds and clamps', () => {
    const text = 'static kws_model model;\nvoid loop() {\n  int8_t *in = kws_input_0(&model);\n  for (int i = 0; i < 40; i++) {\n    float value = analogRead(A0) * 0.1f;\n    in[i] = (int8_t)value; // sensor\n  }\n}\n';
    assert.deepEqual(found(text), [{ text: '(int8_t)value', replacement: 'kws_quantize_input_0(value)' }]);
  });

  it('takes the value out of scale and zero point by name, by number, and by the reciprocal', () => {
    const body = (expression: string): string => `float v[9]; int8_t *in = (int8_t *)kws_input_0(&m);\n in[k] = ${expression};`;
    for (const expression of ['(int8_t)(v[k] / KWS_INPUT_0_SCALE + KWS_INPUT_0_ZERO_POINT)', '(int8_t)(v[k] / 0.5f - 3)', '(int8_t)((v[k] * 2.0f) + -3)', 'static_cast<int8_t>(v[k] / 0.5f)', 'int8_t(roundf(v[k] / 0.5f) + -3)']) {
      const [one] = found(body(expression));
      assert.equal(one?.replacement, 'kws_quantize_input_0(v[k])', expression);
    }
  });

  it('marks, without a replacement, arithmetic of which it cannot tell the value', () => {
    assert.deepEqual(found('float v; int8_t *in = kws_input_0(&m); in[0] = (int8_t)(v * 127.0f);'), [{ text: '(int8_t)(v * 127.0f)' }]);
  });

  it('sees the cast that C does by itself, and writes without a pointer between', () => {
    assert.deepEqual(found('double t; kws_input_0(&model)[i++] = t;'), [{ text: 't', replacement: 'kws_quantize_input_0(t)' }]);
  });

  it('leaves alone what is right, whole numbers, other arrays, comments and real inputs', () => {
    const head = 'float v; int n; int8_t other[4]; int8_t *in = kws_input_0(&m);\n';
    for (const line of ['in[0] = kws_quantize_input_0(v);', 'in[0] = (int8_t)n;', 'in[0] = pixels[i] - 128;', 'other[0] = (int8_t)v;', '// in[0] = (int8_t)v;', 'if (in[0] == (int8_t)v) f();', 'in[0] = (int8_t)constrain(lroundf(v / 0.5f) - 3, -128, 127);']) {
      assert.deepEqual(found(head + line), [], line);
    }
    assert.deepEqual(found(`${head}in[0] = (int8_t)v;`, [{ name: 'kws', inputs: [{ index: 0, type: 'float' }] }]), []);
  });
});

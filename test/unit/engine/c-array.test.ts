import assert from 'node:assert/strict';
import { readCArrays } from '../../../src/engine/formats/c-array/read';

const one = (text: string): { name: string; line: number; bytes: number[] } => {
  const arrays = readCArrays(text);
  assert.equal(arrays.length, 1);
  return { name: arrays[0].name, line: arrays[0].line, bytes: [...arrays[0].bytes] };
};

describe('models in C arrays', () => {
  it('as xxd writes them', () =>
    assert.deepEqual(one('unsigned char model_tflite[] = {\n  0x1c, 0x00, 0xff\n};\nunsigned int model_tflite_len = 3;\n'), { name: 'model_tflite', line: 1, bytes: [0x1c, 0, 255] }));
  it('as TFLM examples have them', () =>
    assert.deepEqual(one('#include "model.h"\n// Keep model aligned to 8 bytes.\nalignas(8) const unsigned char g_model[] = {\n    0x20, 0x00,};\nconst int g_model_len = 2;'), { name: 'g_model', line: 3, bytes: [0x20, 0] }));
  it('as Edge Impulse has them', () =>
    assert.deepEqual(one('const unsigned char trained_tflite[] __attribute__((aligned(16))) = { 0x1c, /* 0xee, */ 0x02 };'), { name: 'trained_tflite', line: 1, bytes: [0x1c, 2] }));
  it('with PROGMEM, sizes, macros, suffixes, decimal, octal and negative numbers', () => {
    assert.deepEqual(one('const uint8_t PROGMEM m[4] = {1u, 010, -1, 0XAB};').bytes, [1, 8, 255, 0xab]);
    assert.deepEqual(one('static const uint8_t data[] DATA_ALIGN_ATTRIBUTE = {\n#ifdef X\n 1,\n#endif\n 2 };').bytes, [1, 2]);
  });
  it('several in one file, with their lines', () => {
    const arrays = readCArrays('int x;\nconst char a[] = {1};\n\nunsigned char b[] = {2, 3};');
    assert.deepEqual(arrays.map((a) => [a.name, a.line, a.bytes.length]), [['a', 2, 1], ['b', 4, 2]]);
  });
  it('nothing from text, strings, words and numbers too large', () => {
    for (const text of ['', 'char s[] = "abc";', 'unsigned char a[] = { foo, 1 };', 'unsigned char a[] = { 300 };', 'unsigned char a[] = { 1, 2', 'int a[] = {1, 2};', '/* unsigned char a[] = {1}; */']) {
      assert.deepEqual(readCArrays(text), [], text);
    }
  });
  it('an array of half a million bytes', () => {
    const bytes = Uint8Array.from({ length: 500_000 }, (_, i) => (i * 7) & 255);
    const text = `const unsigned char big[] = {\n${Array.from(bytes, (b) => `0x${b.toString(16).padStart(2, '0')}`).join(', ')}\n};`;
    assert.deepEqual(Buffer.from(readCArrays(text)[0].bytes), Buffer.from(bytes));
  });
});

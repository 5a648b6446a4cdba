import assert from 'node:assert/strict';
import { jsonCursor } from '../../../../src/app/data/json-path';

/** The cursor is where | stands. */
const at = (text: string): unknown => {
  const offset = text.indexOf('|');
  const { path, at: what, key, from } = jsonCursor(text.replace('|', ''), offset);
  return [path.join('/'), what, key, text.replace('|', '').slice(from, offset)];
};

describe('place in a JSON text that is being typed', () => {
  it('is the name of a member', () => {
    assert.deepEqual(at('{ "budgets": { "|" } }'), ['budgets', 'name', undefined, '"']);
    assert.deepEqual(at('{ "budgets": { "a.onnx": { "ram": 1, "layers": { "co|'), ['budgets/a.onnx/layers', 'name', undefined, '"co']);
    assert.deepEqual(at('{ "a": { "x": [1, {"y": "}"}] }, |'), ['', 'name', undefined, '']);
  });

  it('is a value', () => {
    assert.deepEqual(at('{ "board": "|" }'), ['', 'value', 'board', '"']);
    assert.deepEqual(at('{ "budgets": { "a.onnx": { "ram": | } } }'), ['budgets/a.onnx', 'value', 'ram', '']);
  });

  it('is told of any text', () => {
    for (const text of ['|', '}}|', '"|', '{"a" "b|', '[|', '{"a\\|']) assert.ok(at(text));
  });
});

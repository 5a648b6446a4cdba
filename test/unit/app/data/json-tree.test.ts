import assert from 'node:assert/strict';
import { lineAndColumn, parseJsonTree, type JsonNode } from '../../../../src/app/data/json-tree';

const texts = ['{}', '[]', ' [1, -2.5e3, "a\\"b\\\\", null, true, [ ], {"x" : { } } ]\n', '{"a":{"b":[{"c":"}"},"]"]},"":0, "a":2}', '"only"', '0'];

/** Every node's slice of the text parses to the node's value. */
function check(text: string, node: JsonNode): void {
  assert.deepEqual(JSON.parse(text.slice(node.from, node.to)), node.value);
  for (const item of node.items ?? []) check(text, item);
  for (const [name, member] of node.members ?? []) {
    assert.equal(JSON.parse(text.slice(member.keyFrom, member.keyTo)), name);
    check(text, member);
  }
}

describe('JSON with places', () => {
  it('gives the values of JSON.parse, each with its place', () => {
    for (const text of texts) {
      const tree = parseJsonTree(text);
      assert.deepEqual(tree.value, JSON.parse(text), text);
      check(text, tree);
    }
  });

  it('refuses what JSON.parse refuses', () => {
    for (const text of ['', '{', '{"a" 1}', '[1,]', '{"a":1}}', '// x\n{}']) assert.throws(() => parseJsonTree(text), SyntaxError, text);
  });

  it('counts lines and columns from 1', () => {
    assert.deepEqual(lineAndColumn('ab\ncd', 0), { line: 1, column: 1 });
    assert.deepEqual(lineAndColumn('ab\ncd', 4), { line: 2, column: 2 });
  });
});

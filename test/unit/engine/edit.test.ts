import assert from 'node:assert/strict';
import { CycleError, GraphEditor } from '../../../src/engine/ir/edit';
import type { TensorType, ValueId } from '../../../src/engine/ir/types';

const type: TensorType = { dtype: 'float32', shape: [1, 4] };

/** A chain of `length` nodes, added last first; each third also reads what the one before its maker made. */
function chain(length: number): GraphEditor {
  const editor = new GraphEditor('chain');
  const values = Array.from({ length: length + 1 }, (_, i) => editor.addValue(`v${i}`, type));
  editor.inputs = [values[0]];
  editor.outputs = [values[length]];
  for (let i = length - 1; i >= 0; i--) editor.addNode({ op: 'op', name: `n${i}`, inputs: i % 3 === 2 ? [values[i], values[i - 1]] : [values[i]], outputs: [values[i + 1]] });
  return editor;
}

const names = (editor: GraphEditor): string[] => editor.finish().nodes.map(({ name }) => name);

describe('editing a graph', () => {
  it('sorts nodes by what they read, far deeper than the call stack', () => {
    assert.deepEqual(names(chain(20_000)), Array.from({ length: 20_000 }, (_, i) => `n${i}`));
  });

  it('stays as near to the given order as dependencies allow', () => {
    const editor = new GraphEditor('order');
    const [x, a, b, c, d] = ['x', 'a', 'b', 'c', 'd'].map((name) => editor.addValue(name, type));
    const add = (name: string, inputs: ValueId[], output: ValueId): unknown => editor.addNode({ op: 'op', name, inputs, outputs: [output] });
    editor.inputs = [x];
    editor.outputs = [d];
    add('D', [c, b], d);
    add('B', [x], b);
    add('A', [x], a);
    add('C', [a], c);
    assert.deepEqual(names(editor), ['A', 'C', 'B', 'D']);
  });

  it('drops nodes and values that no output needs', () => {
    const editor = chain(3);
    editor.addNode({ op: 'op', name: 'dead', inputs: [editor.inputs[0]], outputs: [editor.addValue('unread', type)] });
    const graph = editor.finish();
    assert.deepEqual(graph.nodes.map(({ name }) => name), ['n0', 'n1', 'n2']);
    assert.deepEqual([...graph.values.values()].map(({ name }) => name), ['v0', 'v1', 'v2', 'v3']);
  });

  it('refuses a cycle, and names a node of it', () => {
    const editor = chain(3);
    const [last, , first] = [...editor.nodes.values()];
    editor.replaceNode(first.id, { inputs: [last.outputs[0]] });
    assert.throws(() => editor.finish(), (error) => error instanceof CycleError && /^n\d$/.test(error.node));
  });

  it('gives back the graph it started from where nothing has changed, and only then', () => {
    const graph = chain(5).finish();
    assert.equal(GraphEditor.of(graph).finish(), graph);
    const changes: ((editor: GraphEditor) => unknown)[] = [
      (editor) => editor.setType(graph.inputs[0], { ...type, shape: [2, 4] }),
      (editor) => editor.replaceNode(graph.nodes[2].id, { attributes: { axis: 1 } }),
      (editor) => editor.replaceUses(graph.nodes[1].outputs[0], graph.nodes[0].outputs[0]),
      (editor) => (editor.outputs = [graph.nodes[3].outputs[0]]),
      (editor) => (editor.inputs = []),
      (editor) => (editor.states = [{ input: graph.inputs[0], output: graph.outputs[0] } as (typeof graph.states)[number]]),
      (editor) => editor.values.set(graph.inputs[0], { ...editor.value(graph.inputs[0]), name: 'renamed past the editor' }),
    ];
    for (const change of changes) {
      const editor = GraphEditor.of(graph);
      change(editor);
      assert.notEqual(editor.finish(), graph, String(change));
    }
  });

  it('tidies a graph that was not made by an editor, changed or not', () => {
    const graph = chain(4).finish();
    const untidy = { ...graph, nodes: [...graph.nodes].reverse() };
    assert.deepEqual(GraphEditor.of(untidy).finish().nodes.map(({ name }) => name), ['n0', 'n1', 'n2', 'n3']);
  });
});

import type { TfliteWriter } from '../../formats/tflite/mapping';
import { constantOf, tensorOf } from '../../ir/tensor';
import { GraphEditor } from '../../ir/edit';
import type { Graph, StaticType, TensorType, ValueId } from '../../ir/types';
import type { NodeView } from '../op';
import { carriedOf } from './counted';
import { graphIn } from './inner-graph';

/** What is carried in front of the loop's own values: the round's number, how many there are at most, whether there is another. */
const counters: readonly StaticType[] = [{ dtype: 'int64', shape: [] }, { dtype: 'int64', shape: [] }, { dtype: 'bool', shape: [] }];
/** No limit, in numbers that 32 and 64 bits hold. */
const NO_LIMIT = 2 ** 31 - 1;

export interface WhileForm {
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly condition: Graph;
  readonly body: Graph;
}

/** A counted loop as TFLite's WHILE: the counter is a carried value, and so is what every round only reads. */
export function whileOf(node: NodeView, writer: TfliteWriter): WhileForm {
  const carried = carriedOf(node);
  const body = graphIn(node, 'body');
  if (body.outputs.length - 1 > carried) writer.refuse('results of all rounds joined');
  const [limit, begins, ...values] = writer.inputs;
  const start = (index: number, name: string, type: StaticType, otherwise: number): number =>
    index >= 0 ? index : writer.constant(name, tensorOf(type, [otherwise]));
  const inputs = [writer.constant('first_round', tensorOf(counters[0], [0])), start(limit ?? -1, 'limit', counters[1], NO_LIMIT), start(begins ?? -1, 'begins', counters[2], 1), ...values];
  const types = inputs.map((_, i): TensorType => (i < counters.length ? counters[i] : node.type(i - 1)));
  const outputs = inputs.map((_, i) => (i >= counters.length && i < counters.length + carried ? writer.outputs[i - counters.length] : writer.temporary(`carried${i}`, types[i])));
  return { inputs, outputs, condition: goesOn(types), body: counting(body, carried) };
}

function goesOn(types: readonly TensorType[]): Graph {
  const editor = new GraphEditor('condition');
  editor.inputs = types.map((type, i) => editor.addValue(`value_${i}`, type));
  const [isLess, both] = ['is_less', 'goes_on'].map((name) => editor.addValue(name, counters[2]));
  const [round, limit, condition] = editor.inputs;
  editor.addNode({ op: 'less', name: 'is_less', inputs: [round, limit], outputs: [isLess] });
  editor.addNode({ op: 'logical_and', name: 'goes_on', inputs: [isLess, condition], outputs: [both] });
  editor.outputs = [both];
  return editor.finish();
}

function counting(body: Graph, carried: number): Graph {
  const editor = GraphEditor.of(body);
  const [round, ...values] = body.inputs;
  const [limit, condition, next] = [editor.addValue('limit', counters[1]), editor.addValue('condition', counters[2]), editor.addValue('next_round', counters[0])];
  const one = editor.addValue('one', counters[0], constantOf(tensorOf(counters[0], [1])));
  editor.addNode({ op: 'add', name: 'next_round', inputs: [round, one], outputs: [next] });
  editor.inputs = [round, limit, condition, ...values];
  const read: readonly ValueId[] = values.slice(carried);
  editor.outputs = [next, limit, body.outputs[0], ...body.outputs.slice(1), ...read];
  return editor.finish();
}

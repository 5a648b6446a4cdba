import type { TfliteMapping, TfliteNode } from '../../formats/tflite/mapping';
import type { ValueId } from '../../ir/types';
import { isCounted } from './counted';
import { graphIn } from './inner-graph';
import { whileOf } from './while-of';
import { MAX_UNROLLED_ROUNDS } from './unroll';

type Values = readonly (ValueId | undefined)[];

/** The node's outputs are these; handles of variables are none. */
function aliasAll(node: TfliteNode, values: Values): void {
  values.slice(0, node.outputTypes.length).forEach((id, i) => id !== undefined && node.alias(i, id));
}

/** What an op that runs graphs reads: values, no variables. */
const valuesOnly = (node: TfliteNode): Values => (node.inputs.includes(undefined) ? node.refuse('a variable in a graph whose course depends on data') : node.inputs);

export const conditionalTflite: TfliteMapping = {
  import: {
    IF(node) {
      const graphs = { then: node.number('thenSubgraphIndex'), else: node.number('elseSubgraphIndex') };
      const known = node.constant(0);
      if (known) return aliasAll(node, node.inline(known.data[0] ? graphs.then : graphs.else, 1, node.inputs.slice(1)));
      node.emit('if', valuesOnly(node), { then: node.graphOf(graphs.then), else: node.graphOf(graphs.else) });
    },
    /** A call stands for the operators of the graph that is called. */
    CALL: (node) => aliasAll(node, node.inline(node.number('subgraph'), 0, node.inputs)),
  },
  export(node, writer) {
    const [thenSubgraphIndex, elseSubgraphIndex] = ['then', 'else'].map((name) => writer.graph(`${node.node.name}_${name}`, graphIn(node, name)));
    writer.emit('IF', writer.inputs, writer.outputs, { thenSubgraphIndex, elseSubgraphIndex });
  },
};

export const loopTflite: TfliteMapping = {
  import: {
    WHILE(node) {
      const [condition, body] = [node.number('condSubgraphIndex'), node.number('bodySubgraphIndex')];
      if (node.attempt(() => aliasAll(node, unrolled(node, condition, body)))) return;
      node.emit('loop', valuesOnly(node), { condition: node.graphOf(condition), body: node.graphOf(body) });
    },
  },
  export(node, writer) {
    const form = isCounted(node) ? whileOf(node, writer) : { inputs: writer.inputs, outputs: writer.outputs, condition: graphIn(node, 'condition'), body: graphIn(node, 'body') };
    const [condSubgraphIndex, bodySubgraphIndex] = (['condition', 'body'] as const).map((name) => writer.graph(`${node.node.name}_${name}`, form[name]));
    writer.emit('WHILE', form.inputs, form.outputs, { condSubgraphIndex, bodySubgraphIndex });
  },
};

/** The body once per round, where the condition is known in each; what is carried after the last round. */
function unrolled(node: TfliteNode, condition: number, body: number): Values {
  let carried: Values = node.inputs;
  for (let round = 0; ; round++) {
    const goesOn = node.constantOf(node.inline(condition, 0, carried)[0]) ?? node.refuse('a condition that varies');
    if (!goesOn.data[0]) return carried;
    if (round >= MAX_UNROLLED_ROUNDS) node.refuse(`a loop of more than ${MAX_UNROLLED_ROUNDS} rounds`);
    // What the body passes on as it came stays what it was: a handle above all.
    carried = node.inline(body, 0, carried);
  }
}

import { macsOfGraph } from '../../cost/graph-macs';
import type { OpDefinition } from '../op';
import { countedTypes, isCounted, roundsOf, runCounted } from './counted';
import { graphIn, joined, missing, resultTypes, runGraph } from './inner-graph';
import { NotEvaluable } from '../opaque';
import { controlFlowImporters } from './onnx';
import { exportConditional, exportLoop } from './onnx-export';
import { conditionalTflite, loopTflite } from './tflite';
import { MAX_ROUNDS } from './unroll';
import type { Tensor } from '../../ir/tensor';

/**
 * One of two graphs, as the data say. Inputs: the condition, then what both graphs read. Attributes: then, else. Both make the
 * node's outputs. Where the condition is known on import the branch taken stands in the graph itself instead.
 */
export const conditional: OpDefinition = {
  name: 'if',
  label: () => 'If',
  keepsConstants: true,
  infer: (node) => joined(resultTypes(graphIn(node, 'then')), resultTypes(graphIn(node, 'else'))),
  // What the longer way takes.
  macs: (node) => Math.max(macsOfGraph(graphIn(node, 'then'), node.rounding), macsOfGraph(graphIn(node, 'else'), node.rounding)),
  evaluate: (node, [condition, ...values]) => runGraph(node, condition!.data[0] ? 'then' : 'else', values),
  onnx: { import: { If: controlFlowImporters.If }, handsOn: true, export: exportConditional },
  tflite: conditionalTflite,
};

/**
 * A graph that is run again and again, in one of two forms (where the rounds are few and known on import they stand in the graph itself).
 *
 * As TFLite has it: as long as another graph says. Inputs: the values carried from round to round. Attributes: condition, body.
 * Outputs: the carried values after the last round.
 *
 * Counted, as ONNX has it: without the attribute condition. Inputs: how many rounds at most, whether to begin (each may be left
 * out), the `carried` values, then values that every round reads. The body reads the round's number, carried and other values; it
 * makes whether to go on, the next carried values, and what is joined along a new first axis. Outputs: carried values, joined ones.
 */
export const loop: OpDefinition = {
  name: 'loop',
  label: (node) => (roundsOf(node) === undefined ? 'While, per round' : `Loop ×${roundsOf(node)}`),
  keepsConstants: true,
  needs: 0,
  costsPerRound: (node) => roundsOf(node) === undefined,
  infer(node) {
    if (isCounted(node)) return countedTypes(node);
    const results = resultTypes(graphIn(node, 'body'));
    return joined(results, results.map((_, i) => node.type(i)));
  },
  macs(node) {
    const body = macsOfGraph(graphIn(node, 'body'), node.rounding);
    return isCounted(node) ? (roundsOf(node) ?? 1) * body : macsOfGraph(graphIn(node, 'condition'), node.rounding) + body;
  },
  evaluate(node, inputs) {
    if (isCounted(node)) return runCounted(node, inputs);
    let carried: readonly (Tensor | undefined)[] = inputs;
    for (let round = 0; runGraph(node, 'condition', carried)[0].data[0]; round++) {
      if (round >= MAX_ROUNDS) throw new NotEvaluable(`The loop ${node.node.name} does not end within ${MAX_ROUNDS} rounds`);
      carried = runGraph(node, 'body', carried);
    }
    return carried.map((tensor, i) => tensor ?? missing(node, i));
  },
  onnx: { import: { Loop: controlFlowImporters.Loop, Scan: controlFlowImporters.Scan }, handsOn: true, export: exportLoop },
  tflite: loopTflite,
};

import { isQuantizable } from '../../engine/compress/plan';
import { quantizeModel } from '../../engine/compress/quantize-model';
import type { ValueId } from '../../engine/ir/types';
import { opOf } from '../../engine/ops/table';
import type { Range } from '../../engine/quant/range';
import type { SampleArray } from '../data/samples';
import type { Deadline } from './deadline';
import type { Candidate, Lab } from './lab';

/** Shares of the ends of a range, lower and upper, that are tried; a step that helps is tried again. */
const STEPS: readonly (readonly [number, number])[] = [[1, 0.85], [0.85, 1], [0.85, 0.85]];
/** A step must help so much: less is chance. */
const WORTHWHILE = 0.99;
/** Samples that each step is judged on. */
export const TUNING_SAMPLES = 128;

/**
 * Narrows the range of one activation after another as long as the model's decisions come nearer to the float model's: what a
 * layer's own error cannot tell, such as that only the largest scores of a classifier matter.
 */
export async function tuneRanges(lab: Lab, candidate: Candidate, samples: SampleArray, deadline: Deadline): Promise<Candidate> {
  const { base, plan } = candidate;
  const values = tunable(candidate);
  const ranges = new Map(plan.ranges);
  let best = (await lab.judge(candidate.quantized, samples)).divergence;
  // From the decision back to the input: late errors are the plainest.
  for (const [index, id] of values.entries()) {
    lab.task.progress({ stage: 'Tuning ranges', done: index, total: values.length });
    for (const [low, high] of STEPS) {
      for (let again = true; again && !deadline.isOver(); ) {
        const before = ranges.get(id)!;
        const narrower: Range = { min: before.min * low, max: before.max * high };
        again = false;
        if (narrower.min === before.min && narrower.max === before.max) continue;
        ranges.set(id, narrower);
        const { divergence } = await lab.judge(quantizeModel(base, { ...plan, ranges }).value, samples);
        if (divergence < best * WORTHWHILE) [best, again] = [divergence, true];
        else ranges.set(id, before);
      }
    }
  }
  const tuned = { ...plan, ranges };
  const { value, problems } = quantizeModel(base, tuned);
  return { base, plan: tuned, quantized: value, problems };
}

/** Values with an int8 scale of their own, last first. */
function tunable({ base, plan }: Candidate): ValueId[] {
  const { graph } = base;
  const values = new Set<ValueId>();
  for (const node of graph.nodes) {
    if (!isQuantizable(graph, node) || plan.formOf(node).activations !== 'int8') continue;
    for (const id of node.inputs) if (id !== undefined && graph.inputs.includes(id) && plan.ranges.has(id)) values.add(id);
    const op = opOf(node);
    if (op.quantization === 'rescales' && !op.outputQuantization && plan.ranges.has(node.outputs[0])) values.add(node.outputs[0]);
  }
  return [...values].reverse();
}

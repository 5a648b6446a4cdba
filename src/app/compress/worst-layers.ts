import { weightLayers, type LayerForm } from '../../engine/compress/plan';
import { writeOnnx } from '../../engine/formats/onnx/write';
import { quantizeModel } from '../../engine/compress/quantize-model';
import type { Node } from '../../engine/ir/types';
import { opOf } from '../../engine/ops/table';
import { calibrationMethods, type CalibrationMethod } from '../../engine/quant/calibration';
import type { LayerErrorReport, WorstLayer } from '../engine-contract';
import { understand } from '../model-file';
import type { SampleArray } from '../data/samples';
import type { Deadline } from './deadline';
import type { Candidate, Lab } from './lab';
import { sizeOf } from './size';

/** Layers that are spared one at a time to see what that brings: of many, those with the noisiest output. */
const MEASURED = 12;
const SHOWN = 3;

/**
 * The layers whose quantization costs most: measured by keeping each alone in float and, where its numbers are int8, in int16 or
 * under the range of another rule.
 *
 * @param samples `check` to judge by, `fitted` that the candidate was fitted on
 */
export async function worstLayers(lab: Lab, candidate: Candidate, errors: readonly LayerErrorReport[], samples: { readonly check: SampleArray; readonly fitted: SampleArray }, deadline: Deadline): Promise<WorstLayer[]> {
  const { base, plan, quantized } = candidate;
  const byName = new Map(errors.map((error) => [error.name, error]));
  const layers = weightLayers(base.graph)
    .filter((node) => byName.has(node.name) && plan.formOf(node).weights !== 'float32')
    .sort((a, b) => byName.get(a.name)!.sqnrDb - byName.get(b.name)!.sqnrDb)
    .slice(0, MEASURED);
  const { divergence: now } = await lab.judge(quantized, samples.check);
  const spare = (id: number, form: LayerForm): typeof quantized => {
    const chosen = new Map(plan.chosen);
    if (form.weights === 'float32') chosen.delete(id);
    return quantizeModel(base, { ...plan, chosen, formOf: (node) => (node.id === id ? form : plan.formOf(node)) }).value;
  };
  const { flashBytes, ramBytes } = sizeOf(understand(writeOnnx(quantized).bytes, quantized.name));
  const sizes = { flashBytes, ramBytes };
  const measured: (WorstLayer & { gain: number })[] = [];
  for (const [index, node] of layers.entries()) {
    if (index > 0 && deadline.isOver()) break;
    lab.task.progress({ stage: 'Looking for the layers that cost most', done: index, total: layers.length });
    const own = plan.formOf(node);
    const forms: LayerForm[] = own.activations === 'int8' ? [{ activations: 'int16', weights: own.weights }, FLOAT] : [FLOAT];
    const remedies: WorstLayer['remedies'][number][] = [];
    for (const form of forms) {
      const model = spare(node.id, form);
      const judgement = await lab.judge(model, samples.check);
      const { flashBytes, ramBytes, withoutKernels } = sizeOf(understand(writeOnnx(model).bytes, model.name));
      remedies.push({ form, ...judgement, flashBytes, ramBytes, withoutKernels: withoutKernels.length > 0 });
    }
    const other = await otherRange(lab, candidate, node, samples);
    if (other && other.divergence < now) remedies.push({ form: own, ...other, ...sizes, withoutKernels: false });
    const { label, sqnrDb } = byName.get(node.name)!;
    measured.push({ name: node.name, label, sqnrDb, divergence: now, remedies, gain: now - Math.min(...remedies.map((r) => r.divergence)) });
  }
  return measured.filter(({ gain }) => gain > 0).sort((a, b) => b.gain - a.gain).slice(0, SHOWN).map(({ gain: _gain, ...layer }) => layer);
}

/** The rule whose range for a layer's result brings the decisions nearest to float, where the layer has a scale of its own in int8. */
async function otherRange(lab: Lab, { base, plan }: Candidate, node: Node, { check, fitted }: { readonly check: SampleArray; readonly fitted: SampleArray }): Promise<{ ranges: CalibrationMethod; divergence: number; right?: number } | undefined> {
  const [id] = node.outputs;
  const now = plan.ranges.get(id);
  if (!now || plan.formOf(node).activations !== 'int8' || opOf(node).outputQuantization) return undefined;
  let best: { ranges: CalibrationMethod; divergence: number; right?: number } | undefined;
  for (const ranges of calibrationMethods) {
    const range = await lab.rangeOf(base, id, ranges, fitted);
    if (range.min === now.min && range.max === now.max) continue;
    const judgement = await lab.judge(quantizeModel(base, { ...plan, ranges: new Map([...plan.ranges, [id, range]]) }).value, check);
    if (!best || judgement.divergence < best.divergence) best = { ranges, ...judgement };
  }
  return best;
}

const FLOAT: LayerForm = { activations: 'float32', weights: 'float32' };

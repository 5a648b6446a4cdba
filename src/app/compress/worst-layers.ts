import { weightLayers, type LayerForm } from '../../engine/compress/plan';
import { writeOnnx } from '../../engine/formats/onnx/write';
import { quantizeModel } from '../../engine/compress/quantize-model';
import type { LayerErrorReport, WorstLayer } from '../engine-contract';
import { understand } from '../model-file';
import type { SampleArray } from '../data/samples';
import type { Deadline } from './deadline';
import type { Candidate, Lab } from './lab';
import { sizeOf } from './size';

/** Layers that are spared one at a time to see what that brings: of many, those with the noisiest output. */
const MEASURED = 12;
const SHOWN = 3;

/** The layers whose quantization costs most: measured by keeping each alone in float, and in int16 where its numbers are int8. */
export async function worstLayers(lab: Lab, candidate: Candidate, errors: readonly LayerErrorReport[], samples: SampleArray, deadline: Deadline): Promise<WorstLayer[]> {
  const { base, plan, quantized } = candidate;
  const byName = new Map(errors.map((error) => [error.name, error]));
  const layers = weightLayers(base.graph)
    .filter((node) => byName.has(node.name) && plan.formOf(node).weights !== 'float32')
    .sort((a, b) => byName.get(a.name)!.sqnrDb - byName.get(b.name)!.sqnrDb)
    .slice(0, MEASURED);
  const { divergence: now } = await lab.judge(quantized, samples);
  const spare = (id: number, form: LayerForm): typeof quantized => {
    const chosen = new Map(plan.chosen);
    if (form.weights === 'float32') chosen.delete(id);
    return quantizeModel(base, { ...plan, chosen, formOf: (node) => (node.id === id ? form : plan.formOf(node)) }).value;
  };
  const measured: (WorstLayer & { gain: number })[] = [];
  for (const [index, node] of layers.entries()) {
    if (index > 0 && deadline.isOver()) break;
    lab.task.progress({ stage: 'Looking for the layers that cost most', done: index, total: layers.length });
    const own = plan.formOf(node);
    const forms: LayerForm[] = own.activations === 'int8' ? [{ activations: 'int16', weights: own.weights }, FLOAT] : [FLOAT];
    const remedies: WorstLayer['remedies'][number][] = [];
    for (const form of forms) {
      const model = spare(node.id, form);
      const judgement = await lab.judge(model, samples);
      const { flashBytes, ramBytes, withoutKernels } = sizeOf(understand(writeOnnx(model).bytes, model.name));
      remedies.push({ form, ...judgement, flashBytes, ramBytes, withoutKernels: withoutKernels.length > 0 });
    }
    const { label, sqnrDb } = byName.get(node.name)!;
    measured.push({ name: node.name, label, sqnrDb, divergence: now, remedies, gain: now - Math.min(...remedies.map((r) => r.divergence)) });
  }
  return measured.filter(({ gain }) => gain > 0).sort((a, b) => b.gain - a.gain).slice(0, SHOWN).map(({ gain: _gain, ...layer }) => layer);
}

const FLOAT: LayerForm = { activations: 'float32', weights: 'float32' };

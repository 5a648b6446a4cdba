import { weightLayers, type LayerForm } from '../../engine/compress/plan';
import { writeOnnx } from '../../engine/formats/onnx/write';
import type { Model, Node, NodeId } from '../../engine/ir/types';
import type { SampleArray } from '../data/samples';
import { understand } from '../model-file';
import type { Deadline } from './deadline';
import type { Candidate, FormOf, Lab, Recipe } from './lab';
import { layerErrors } from './layer-errors';
import { sizeOf } from './size';

/** Share of the layers that may be wider than the rest, and at least one: more is another kind. */
const SPARED_SHARE = 0.25;
/** A layer on int16 must take away so much of the distance: it costs RAM. */
const WORTHWHILE = 0.7;
/** Layers that are measured, the noisiest first. */
const MEASURED = 8;
/** Of a decision's nats, more than this is a loss worth float arithmetic in some layers. */
const TOLERATED_NATS = 0.05;

const WIDE: LayerForm = { activations: 'int16', weights: 'int8' };
const REAL: LayerForm = { activations: 'float32', weights: 'float32' };

/** What sparing layers works with: candidates are fitted on `all` samples and judged on `check`. */
export interface Sparing {
  readonly lab: Lab;
  readonly recipe: Recipe;
  readonly formOf: FormOf;
  readonly all: SampleArray;
  readonly check: SampleArray;
  readonly deadline: Deadline;
}

/**
 * Gives numbers of 16 bits to the layers where that brings the model much nearer to float, and then, while it is too far from
 * it, keeps the noisiest ones in float.
 */
export async function spareLayers(sparing: Sparing, candidate: Candidate): Promise<Candidate> {
  const { lab, check, deadline } = sparing;
  const most = Math.max(1, Math.floor(weightLayers(lab.source.graph).length * SPARED_SHARE));
  const forms = new Map<NodeId, LayerForm>();
  let best = { candidate, divergence: (await lab.judge(candidate.quantized, check)).divergence };
  while (forms.size < most && !deadline.isOver()) {
    const found = await widest(sparing, best, forms);
    if (!found) break;
    forms.set(found.id, WIDE);
    best = found;
  }
  for (const spared = new Set<NodeId>(); best.divergence > TOLERATED_NATS && spared.size < most && !deadline.isOver(); ) {
    const [next] = (await noisiest(sparing, best.candidate)).filter((layer) => !spared.has(layer.id));
    if (!next) break;
    spared.add(next.id);
    const trial = await tried(sparing, new Map([...forms, [next.id, REAL]]));
    if (trial.divergence >= best.divergence) break;
    forms.set(next.id, REAL);
    best = trial;
  }
  return best.candidate;
}

interface Trial {
  readonly candidate: Candidate;
  readonly divergence: number;
}

/** The layer that gains most by numbers of 16 bits, where one gains enough and there is C for it. */
async function widest(sparing: Sparing, best: Trial, forms: ReadonlyMap<NodeId, LayerForm>): Promise<(Trial & { readonly id: NodeId }) | undefined> {
  const { lab, formOf, deadline } = sparing;
  let found: (Trial & { readonly id: NodeId }) | undefined;
  const layers = (await noisiest(sparing, best.candidate)).filter((layer) => !forms.has(layer.id) && formOf(layer).activations === 'int8').slice(0, MEASURED);
  for (const [index, layer] of layers.entries()) {
    if (deadline.isOver()) break;
    lab.task.progress({ stage: 'Trying 16 bits in single layers', done: index, total: layers.length });
    const trial = await tried(sparing, new Map([...forms, [layer.id, WIDE]]));
    if (trial.divergence < (found?.divergence ?? best.divergence * WORTHWHILE) && hasKernels(trial.candidate.quantized)) found = { ...trial, id: layer.id };
  }
  return found;
}

const hasKernels = (model: Model): boolean => sizeOf(understand(writeOnnx(model).bytes, model.name)).withoutKernels.length === 0;

async function tried({ lab, recipe, formOf, all, check }: Sparing, forms: ReadonlyMap<NodeId, LayerForm>): Promise<Trial> {
  const candidate = await lab.make(recipe, (node) => forms.get(node.id) ?? formOf(node), all);
  return { candidate, divergence: (await lab.judge(candidate.quantized, check)).divergence };
}

/** Layers with weights, the least signal to noise first. */
async function noisiest({ lab, check }: Sparing, candidate: Candidate): Promise<Node[]> {
  const noise = new Map((await layerErrors(lab, candidate, check)).map((error) => [error.name, error.sqnrDb]));
  return weightLayers(lab.source.graph).filter((layer) => noise.has(layer.name)).sort((a, b) => noise.get(a.name)! - noise.get(b.name)!);
}

import { ProblemError } from '../../base/problem';
import { weightLayers, type LayerForm, type WeightForm } from '../../engine/compress/plan';
import { compressProblems } from '../../engine/compress/problems';
import { dtypes } from '../../engine/ir/dtype';
import type { Model, NodeId, StaticType } from '../../engine/ir/types';
import { weightGrids } from '../../engine/quant/weight-types';
import type { SampleArray } from '../data/samples';
import type { Deadline } from './deadline';
import type { Lab, Recipe } from './lab';
import { packedBytes } from './size';

/** Forms that a layer's weights may take in a mixed model, widest first. */
const CHOICES = ['int8', 'int4', 'int2'] as const satisfies readonly WeightForm[];

interface Choice {
  readonly weights: (typeof CHOICES)[number];
  readonly bytes: number;
  readonly divergence: number;
}

/** Bytes that count as one when choices are weighed against each other: exact enough, and quick for models of any size. */
const GRAIN = 32;

/** What the weights may take, as a first guess, and by how much a model in chosen forms is really too large: kernels and tables differ with the forms. */
export interface MixedBudget {
  readonly weightBytes: number;
  /** Bytes beyond the budgets. */
  excessOf(quantized: Model): { readonly flash: number; readonly ram: number };
  readonly ramBytes: number;
}

/**
 * The form of each layer's weights such that the model fits a budget and stays as near to float as it can: what each form of
 * each layer costs is measured alone, all others in float, and the costs are taken to add up.
 */
export async function chooseForms(lab: Lab, recipe: Recipe, base: LayerForm, budget: MixedBudget, samples: SampleArray, deadline: Deadline): Promise<Map<NodeId, LayerForm>> {
  const layers = weightLayers(lab.source.graph);
  const table: Choice[][] = [];
  const kept: LayerForm = { activations: 'float32', weights: 'float32' };
  for (const [index, layer] of layers.entries()) {
    lab.task.progress({ stage: 'Measuring how much each layer matters', done: index, total: layers.length });
    const type = lab.source.graph.values.get(layer.inputs[1]!)!.type as StaticType;
    const choices: Choice[] = [];
    for (const weights of CHOICES) {
      const { quantized } = await lab.make(recipe, (node) => (node.id === layer.id ? { activations: 'float32', weights } : kept), samples);
      const { divergence } = await lab.judge(quantized, samples);
      choices.push({ weights, bytes: packedBytes(type, dtypes[weightGrids[weights].dtype].bits), divergence: Math.max(0, divergence) });
    }
    table.push(choices);
  }
  const formsFor = (choices: readonly Choice[]): Map<NodeId, LayerForm> => new Map(layers.map((layer, i) => [layer.id, { ...base, weights: choices[i].weights }]));
  const excessOf = async (choices: readonly Choice[]): Promise<ReturnType<MixedBudget['excessOf']>> => {
    const forms = formsFor(choices);
    return budget.excessOf((await lab.make({ ...recipe, weights: 'nearest', tune: false }, (node) => forms.get(node.id) ?? base, samples)).quantized);
  };
  const { chosen, weightBytes } = await fitting(table, budget, excessOf);
  const judge = async (choices: readonly Choice[]): Promise<number> => {
    const forms = formsFor(choices);
    const { quantized } = await lab.make(recipe, (node) => forms.get(node.id) ?? base, samples);
    return (await lab.judge(quantized, samples)).divergence;
  };
  return formsFor(await refine(table, chosen, weightBytes, { judge, excessOf }, lab, deadline));
}

type ExcessOf = (choices: readonly Choice[]) => Promise<ReturnType<MixedBudget['excessOf']>>;

/** The best choices that really fit: what they are too large by is taken off what the weights may take, until nothing is. */
async function fitting(table: readonly (readonly Choice[])[], { weightBytes, ramBytes }: MixedBudget, excessOf: ExcessOf): Promise<{ chosen: Choice[]; weightBytes: number }> {
  for (let allowed = weightBytes; ; ) {
    const chosen = lightest(table, allowed);
    if (!chosen) {
      const least = table.reduce((sum, choices) => sum + Math.min(...choices.map((choice) => choice.bytes)), 0);
      throw new ProblemError(compressProblems.budgetTooSmall('flash for weights', Math.max(0, allowed), least));
    }
    const { flash, ram } = await excessOf(chosen);
    // Fewer bits take no less RAM.
    if (ram > 0) throw new ProblemError(compressProblems.budgetTooSmall('RAM', ramBytes, ramBytes + ram));
    if (flash <= 0) return { chosen, weightBytes: allowed };
    allowed -= Math.max(GRAIN, flash);
  }
}

/** Exchanges that are tried, each with all layers quantized. */
const EXCHANGES = 12;

/**
 * Costs of layers do not quite add up: exchanges of a wider form in one layer for a narrower one in another are tried, the most
 * promising first, and kept where the whole model comes nearer to float.
 */
async function refine(table: readonly (readonly Choice[])[], start: readonly Choice[], bytes: number, { judge, excessOf }: { readonly judge: (choices: readonly Choice[]) => Promise<number>; readonly excessOf: ExcessOf }, lab: Lab, deadline: Deadline): Promise<readonly Choice[]> {
  let best = { choices: start, divergence: await judge(start) };
  const tried = new Set([keyOf(start)]);
  for (let attempt = 0; attempt < EXCHANGES && !deadline.isOver(); attempt++) {
    lab.task.progress({ stage: 'Exchanging precision between layers', done: attempt, total: EXCHANGES });
    const next = exchanges(table, best.choices, bytes).find((choices) => !tried.has(keyOf(choices)));
    if (!next) break;
    tried.add(keyOf(next));
    const { flash, ram } = await excessOf(next);
    if (flash > 0 || ram > 0) continue;
    const divergence = await judge(next);
    if (divergence < best.divergence) best = { choices: next, divergence };
  }
  return best.choices;
}

const keyOf = (choices: readonly Choice[]): string => choices.map((choice) => choice.weights).join();
const sumOf = (choices: readonly Choice[], pick: (choice: Choice) => number): number => choices.reduce((sum, choice) => sum + pick(choice), 0);

/** Assignments one step away, one layer wider and at most one narrower, that fit; by their sum of divergences. */
function exchanges(table: readonly (readonly Choice[])[], choices: readonly Choice[], bytes: number): Choice[][] {
  const step = (at: number, by: 1 | -1): Choice | undefined => table[at][table[at].indexOf(choices[at]) + by];
  const found: Choice[][] = [];
  for (let wide = 0; wide < table.length; wide++) {
    const wider = step(wide, -1);
    if (!wider) continue;
    for (let narrow = -1; narrow < table.length; narrow++) {
      const narrower = narrow < 0 ? undefined : step(narrow, 1);
      if (narrow === wide || (narrow >= 0 && !narrower)) continue;
      const next = choices.map((choice, i) => (i === wide ? wider : i === narrow ? narrower! : choice));
      if (sumOf(next, (choice) => choice.bytes) <= bytes) found.push(next);
    }
  }
  return found.sort((a, b) => sumOf(a, (choice) => choice.divergence) - sumOf(b, (choice) => choice.divergence));
}

/** One choice of each row with the least sum of divergences within a sum of bytes; undefined where nothing fits. */
function lightest(table: readonly (readonly Choice[])[], bytes: number): Choice[] | undefined {
  const slots = Math.floor(bytes / GRAIN);
  if (slots < 0) return undefined;
  let best: { divergence: number; path: readonly Choice[] }[] = Array.from({ length: slots + 1 }, () => ({ divergence: 0, path: [] }));
  for (const choices of table) {
    best = best.map((_, slot) => {
      let found = { divergence: Infinity, path: [] as readonly Choice[] };
      for (const choice of choices) {
        const before = best[slot - Math.ceil(choice.bytes / GRAIN)];
        const divergence = before ? before.divergence + choice.divergence : Infinity;
        if (divergence < found.divergence) found = { divergence, path: [...before.path, choice] };
      }
      return found;
    });
  }
  const last = best[slots];
  return Number.isFinite(last.divergence) ? [...last.path] : undefined;
}

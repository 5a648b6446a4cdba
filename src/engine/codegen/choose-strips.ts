import type { Model, Node, StaticType } from '../ir/types';
import { typeBytes } from '../ir/dtype';
import { liveBytes } from '../memory/place';
import { opOf } from '../ops/table';
import { inNetworkLayout } from '../passes/network-layout';
import { inStrips } from '../passes/row-strips';
import { stripBytes, type LayerMemory } from '../passes/strip-cost';
import { rowsOf, scheduleOf, stagesOf, type Stage, type StripHeight } from '../passes/strip-schedule';
import type { Isa } from './kernel';
import { codegenProblems } from './problems';
import { planProgram, type PlanOptions, type Program } from './program';

/** What the RAM of a model may be, and how it gets there. */
export interface MemoryChoice {
  /** The arena shall not be larger. */
  readonly ramBudgetBytes?: number;
  /** Strips that the first layers are run in: `auto` as few as the budget needs (without one: the smallest arena), or so many; `off` where absent without a budget. */
  readonly patches?: 'auto' | 'off' | number;
  /** The caller hands the input over row by row, channels of a pixel side by side: the arena never holds all of it. Always in strips. */
  readonly inputRows?: boolean;
}

/** Rows of the source for each strip that are tried. */
const STRIP_ROWS = [32, 16, 12, 8, 6, 4, 3, 2, 1];
/** Strips beyond so many calls cost more flash than they are worth. */
const MOST_CALLS = 250;
/** Candidates that are planned in full, the most promising first. */
const MOST_PLANNED = 4;

interface Candidate {
  readonly stage: Stage;
  readonly height: StripHeight;
  readonly count: number;
  /** Estimate of the arena. */
  readonly bytes: number;
  readonly calls: number;
}

/** The program of a lowered model within a budget, where strips of rows can bring it there; else the smallest that was found, with a refusal. */
export function planWithin(model: Model, isa: Isa, choice: MemoryChoice = {}, options: PlanOptions = {}): Program {
  const search = searchWithin(model, isa, choice, options);
  for (;;) {
    const { done, value } = search.next();
    if (done) return value;
  }
}

/** The same in steps of well under a second: whoever drives it can stop between them. */
export function* searchWithin(model: Model, isa: Isa, choice: MemoryChoice = {}, options: PlanOptions = {}): Generator<void, Program> {
  const { ramBudgetBytes, inputRows: byRows = false } = choice;
  const patches = choice.patches ?? (ramBudgetBytes === undefined && !byRows ? 'off' : 'auto');
  const plain = planProgram(byRows ? inNetworkLayout(model) : model, isa, options);
  if (plain.refusals.length) return plain;
  const fits = (program: Program): boolean => ramBudgetBytes !== undefined && program.arenaBytes <= ramBudgetBytes;
  let best = byRows ? undefined : plain;
  if (byRows || (patches !== 'off' && !(patches === 'auto' && fits(plain)))) {
    yield;
    const found = candidates(plain, byRows, patches);
    const enough = found.filter(({ bytes }) => bytes <= (ramBudgetBytes ?? -1)).sort((a, b) => a.calls - b.calls);
    const smallest = [...found].sort((a, b) => a.bytes - b.bytes || a.calls - b.calls);
    for (const candidate of new Set([...enough.slice(0, MOST_PLANNED), ...smallest.slice(0, MOST_PLANNED)])) {
      yield;
      const program = inCandidate(plain, candidate, options);
      if (program.refusals.length) continue;
      const isAsked = patches !== 'auto' && best === plain;
      if (!best || isAsked || program.arenaBytes < best.arenaBytes) best = program;
      if (fits(best)) break;
    }
  }
  if (!best) return { ...plain, refusals: [codegenProblems.noInputRows(model.name)] };
  if (ramBudgetBytes === undefined || fits(best)) return best;
  return { ...best, refusals: [codegenProblems.overBudget(best.arenaBytes, ramBudgetBytes, byRows ? 0 : inputBytes(model))] };
}

function inCandidate({ model, isa }: Program, { stage, height, count }: Candidate, options: PlanOptions): Program {
  const strips = inStrips(model, stage, height);
  // The order of strips is the one in which rows come and go.
  const planned = planProgram(strips.model, isa, { ...options, reorder: false });
  return { ...planned, strips: { count, layers: stage.nodes.length, sources: strips.sources } };
}

/** Ways to run a first stage in strips that promise less than the whole. */
function candidates(plain: Program, byRows: boolean, patches: MemoryChoice['patches']): Candidate[] {
  const { model } = plain;
  const steps = new Map(plain.steps.map((step) => [step.node.id, step]));
  const live = liveBytes(plain.buffers, plain.steps.length);
  const memoryOf = (node: Node): LayerMemory => {
    const plan = steps.get(node.id)?.plan;
    return { scratchBytes: plan?.scratchBytes ?? 0, overlaps: (plan?.overlaps?.length ?? 0) > 0 };
  };
  return stagesOf(model).flatMap((stage) => {
    if (byRows && !comesAlone(model, stage)) return [];
    const inside = new Set(stage.nodes.map((node) => node.id));
    const rest = plain.steps.reduce((most, step) => (inside.has(step.node.id) ? most : Math.max(most, live[step.index])), 0);
    const total = rowsOf(model, stage.source);
    const rows = typeof patches === 'number' ? [Math.max(1, Math.ceil(total / patches))] : STRIP_ROWS;
    return rows.filter((count) => count < total && (total / count) * stage.nodes.length <= MOST_CALLS).flatMap((count): Candidate[] => {
      const height = { rows: count, byRows };
      const schedule = scheduleOf(model, stage, height);
      const bytes = Math.max(rest, stripBytes(model, stage, schedule, memoryOf));
      return patches === 'auto' && !byRows && bytes >= plain.arenaBytes ? [] : [{ stage, height, count: Math.ceil(total / count), bytes, calls: schedule.length }];
    });
  });
}

/** The source is an input that nothing else reads. */
function comesAlone({ graph }: Model, { source, nodes }: Stage): boolean {
  const readers = graph.nodes.filter((node) => node.inputs.includes(source));
  return graph.inputs.includes(source) && !graph.outputs.includes(source) && readers.every((node) => nodes.includes(node) && !opOf(node).isView);
}

const inputBytes = ({ graph }: Model): number => graph.inputs.reduce((sum, id) => sum + typeBytes(graph.values.get(id)!.type as StaticType), 0);

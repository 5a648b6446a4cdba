import type { Model, StaticType } from '../ir/types';
import { typeBytes } from '../ir/dtype';
import { inStrips, stagesOf, type Stage, type Strips } from '../passes/row-strips';
import type { Isa } from './kernel';
import { codegenProblems } from './problems';
import { boundOfModel, planProgram, type PlanOptions, type Program } from './program';

/** What the RAM of a model may be, and how it gets there. */
export interface MemoryChoice {
  /** The arena shall not be larger. */
  readonly ramBudgetBytes?: number;
  /** Strips that the first layers are run in: `auto` as few as the budget needs (without one: the smallest arena), or so many; `off` where absent without a budget. */
  readonly patches?: 'auto' | 'off' | number;
}

/** Rows of the source for each strip that are tried. */
const STRIP_ROWS = [32, 16, 12, 8, 6, 4, 3, 2, 1];
/** Strips beyond so many calls cost more flash than they are worth. */
const MOST_CALLS = 250;
/** Candidates that are planned in full, best bounds first. */
const MOST_PLANNED = 3;

interface Candidate {
  readonly stage: Stage;
  readonly strips: Strips;
  readonly count: number;
  readonly boundBytes: number;
  readonly calls: number;
}

/** The program of a lowered model within a budget, where strips of rows can bring it there; else the smallest that was found, with a refusal. */
export function planWithin(model: Model, isa: Isa, { ramBudgetBytes, patches = ramBudgetBytes === undefined ? 'off' : 'auto' }: MemoryChoice, options: PlanOptions = {}): Program {
  const plain = planProgram(model, isa, options);
  const fits = (program: Program): boolean => ramBudgetBytes !== undefined && program.arenaBytes <= ramBudgetBytes;
  let best = plain;
  if (patches !== 'off' && !plain.refusals.length && !(patches === 'auto' && fits(plain))) {
    const found = candidates(model, isa, patches, plain.arenaBytes, options);
    const enough = found.filter(({ boundBytes }) => boundBytes <= (ramBudgetBytes ?? -1)).sort((a, b) => a.calls - b.calls);
    const smallest = [...found].sort((a, b) => a.boundBytes - b.boundBytes || a.calls - b.calls);
    let isFirst = true;
    for (const { stage, strips, count } of [...enough.slice(0, MOST_PLANNED), ...smallest.slice(0, MOST_PLANNED)]) {
      const planned = planProgram(strips.model, isa, options);
      if (planned.refusals.length) continue;
      const program: Program = { ...planned, strips: { count, layers: stage.nodes.length, sources: strips.sources } };
      if (program.arenaBytes < best.arenaBytes || (patches !== 'auto' && isFirst)) best = program;
      isFirst = false;
      if (fits(best)) break;
    }
  }
  if (ramBudgetBytes === undefined || fits(best) || best.refusals.length) return best;
  return { ...best, refusals: [codegenProblems.overBudget(best.arenaBytes, ramBudgetBytes, inputBytes(model))] };
}

/** Ways to run a first stage in strips whose bound is below the whole. */
function candidates(model: Model, isa: Isa, patches: 'auto' | number, limit: number, { backend }: PlanOptions): Candidate[] {
  const typeOf = (id: number): StaticType => model.graph.values.get(id)!.type as StaticType;
  return stagesOf(model).flatMap((stage) => {
    const total = typeOf(stage.source).shape[1];
    const rows = patches === 'auto' ? STRIP_ROWS : [Math.max(1, Math.ceil(total / patches))];
    if (typeBytes(typeOf(stage.result)) >= limit) return [];
    return rows.filter((count) => count < total && (total / count) * stage.nodes.length <= MOST_CALLS).flatMap((count): Candidate[] => {
      const strips = inStrips(model, stage, count);
      const { boundBytes, calls } = boundOfModel(strips.model, isa, backend);
      return patches === 'auto' && boundBytes >= limit ? [] : [{ stage, strips, count: Math.ceil(total / count), boundBytes, calls }];
    });
  });
}

const inputBytes = ({ graph }: Model): number => graph.inputs.reduce((sum, id) => sum + typeBytes(graph.values.get(id)!.type as StaticType), 0);

/** What the extension host answers an inspector, without VS Code: the same engine and the same presenters. */
import path from 'node:path';
import { findLayers } from '../../src/app/budgets/find-layer';
import { overBoard } from '../../src/app/budgets/board-limits';
import { judge, type Verdict } from '../../src/app/budgets/judge';
import type { Cost } from '../../src/app/budgets/measure';
import { readBudgets } from '../../src/app/budgets/read';
import { directEngine } from '../../src/app/engine-direct';
import { memoryPicture } from '../../src/app/export/memory-picture';
import { formatShape } from '../../src/base/units';
import type { Problem } from '../../src/base/problem';
import type { Handlers } from '../../src/base/rpc';
import type { BoardChoice } from '../../src/host/board-choice';
import { RemedyPredictions } from '../../src/host/budgets/remedy-predictions';
import type { ModelIndex } from '../../src/host/models/model-index';
import { buttonTitle, withoutOpening } from '../../src/host/present/budget-fixes';
import { boards, findBoard } from '../../src/device/boards';
import type { CompareContract } from '../../src/messages/compare';
import type { InspectorContract } from '../../src/messages/inspector';
import { viewOfBoard } from '../../src/host/present/board';
import { presentComparison } from '../../src/host/present/compare-models';
import { presentInspector, presentPlan } from '../../src/host/present/inspector';
import { presentLayer } from '../../src/host/present/layer';

export interface Heard {
  readonly copied: string[];
  readonly saved: string[];
  readonly went: number[];
  /** Layers that other views are told of. */
  readonly selected: number[];
}

/** Budgets as tinyml.json has them for a model, with what the engine says of them and of their remedies. */
async function broken(file: string, budgets: unknown, board: string): Promise<{ limits: Partial<Record<Cost, number>>; problems: Problem[]; remedies: () => Promise<Problem[]> }> {
  const engine = directEngine();
  const report = await engine.request('inspect', { path: file, board });
  const verdicts = [...overBoard(file, report, findBoard(board)!), ...readBudgets(path.join(path.dirname(file), 'tinyml.json'), JSON.stringify({ board, budgets: { [path.basename(file)]: budgets } })).budgets.map((budget) => judge(budget, { report }))];
  const predictions = new RemedyPredictions(engine, { reportIfReadable: async () => report } as unknown as ModelIndex, { forEngineOf: (id: string) => id, calibrationOf: () => undefined } as unknown as BoardChoice);
  const over = verdicts.filter(({ state, problem }) => problem && state === 'over');
  const layerOf = ({ budget }: Verdict): string | undefined => (budget.layer === undefined ? undefined : findLayers(report.layers, budget.layer)[0].name);
  const problemOf = (verdict: Verdict): Problem => ({ ...withoutOpening(verdict.problem!), where: { layer: layerOf(verdict) } });
  return {
    limits: Object.fromEntries(verdicts.flatMap(({ budget }) => (budget.layer === undefined && budget.ofBoard === undefined && budget.resource !== 'accuracy' ? [[budget.resource, budget.limit]] : []))),
    problems: over.map(problemOf),
    remedies: () => Promise.all(over.map(async (verdict): Promise<Problem> => {
      const [first, ...rest] = [...(await predictions.fixesOf(verdict, buttonTitle)).fixes, ...verdict.problem!.fixes.slice(-2, -1)];
      return { ...problemOf(verdict), fixes: [first, ...rest] };
    })),
  };
}

export function inspectorHost(file: string, heard: Heard = { copied: [], saved: [], went: [], selected: [] }, boardId: string | null = null, budgets?: unknown): Handlers<InspectorContract> {
  const engine = directEngine();
  let chosen = boardId;
  const about = boardId === null ? Promise.resolve({ limits: {}, problems: [], remedies: async () => [] }) : broken(file, budgets ?? {}, boardId);
  const request = () => ({ path: file, board: chosen ?? undefined });
  const board = () => (chosen === null ? undefined : findBoard(chosen));
  return {
    describe: async () => ({ name: path.basename(file), format: file.endsWith('.onnx') ? 'ONNX' : 'TFLite', bytes: 0, boards: boards.map(viewOfBoard), boardId: chosen, trusted: true }),
    inspect: async () => {
      const report = await engine.request('inspect', request());
      const { limits, problems } = await about;
      return presentInspector({ ...report, problems: [...problems, ...report.problems] }, board(), limits);
    },
    chooseBoard: async ({ id }) => ((chosen = id), null),
    run: async () => null,
    fix: async ({ fix }) => (heard.copied.push(`fix ${fix.title}`), null),
    setBudget: async ({ resource }) => (heard.copied.push(`budget ${resource}`), null),
    copy: async ({ text }) => (heard.copied.push(text), null),
    layer: async ({ index }) => presentLayer(await engine.request('layer', { ...request(), layer: index })),
    weights: async () => (await engine.request('weights', request())).layers,
    graph: async () => {
      const { edges, ...graph } = await engine.request('graph', request());
      return { ...graph, edges: edges.map(({ from, to, tensor, shape, points }) => ({ from, to, label: `${tensor} ${formatShape(shape)}`, points })) };
    },
    plans: async () => (await engine.request('plans', request())).plans.map((plan) => presentPlan(plan, board()?.ramBytes?.value)),
    usePlan: async ({ id }) => (heard.copied.push(`plan ${id}`), null),
    picture: async () => memoryPicture(await engine.request('inspect', request()), undefined),
    save: async ({ what, png }) => (heard.saved.push(png ?? what), true),
    remedies: async () => (await about).remedies(),
    goTo: async ({ index }) => (heard.went.push(index), null),
    selected: async ({ index }) => (heard.selected.push(index), null),
    place: async () => null,
  };
}

export function compareHost(before: string, after: string, accuracy?: Parameters<typeof presentComparison>[0]['accuracy'], heard: Pick<Heard, 'copied' | 'saved'> = { copied: [], saved: [] }): Handlers<CompareContract> {
  const engine = directEngine();
  return {
    compare: async () => {
      const report = await engine.request('compare', { before: { path: before }, after: { path: after } });
      return { ...presentComparison({ ...report, ...(accuracy ? { accuracy } : {}) }, { before: path.basename(before), after: path.basename(after) }), state: { before, after } };
    },
    measure: async () => true,
    open: async ({ side, layer }) => (heard.copied.push(`open ${side} ${layer ?? ''}`.trim()), null),
    swap: async () => (heard.copied.push('swap'), null),
    save: async ({ what }) => (heard.saved.push(what), true),
    fix: async () => null,
    copy: async ({ text }) => (heard.copied.push(text), null),
  };
}

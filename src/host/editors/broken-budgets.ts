import type * as vscode from 'vscode';
import { overBoard } from '../../app/budgets/board-limits';
import { findLayers } from '../../app/budgets/find-layer';
import type { Verdict } from '../../app/budgets/judge';
import type { Problem } from '../../base/problem';
import type { InspectReport } from '../../engine/cost/report';
import { modelPathOf } from '../commands/model-target';
import { withoutOpening } from '../present/budget-fixes';
import type { Services } from '../services';

/** What a model is over of the board, and its budgets that are broken or nearly so; each problem with the layer that it is about as the inspector names it. */
export function brokenBudgets(services: Services, uri: vscode.Uri, report: InspectReport): readonly { readonly verdict: Verdict; readonly problem: Problem }[] {
  const model = modelPathOf(uri);
  const board = services.board.current;
  const verdicts = services.budgets.verdictsOf(model);
  // A budget of the user's says the same of less.
  const ofBoard = board ? overBoard(model, report, board).filter(({ budget }) => !verdicts.some((other) => other.state === 'over' && other.budget.layer === undefined && other.budget.resource === budget.resource)) : [];
  return [...ofBoard, ...verdicts].flatMap((verdict) => {
    const { state, budget } = verdict;
    if (!verdict.problem || state === 'unknown') return [];
    const problem = withoutOpening(verdict.problem);
    const layer = budget.layer === undefined ? undefined : findLayers(report.layers, budget.layer)[0]?.name;
    if (layer !== undefined) return [{ verdict, problem: { ...problem, where: { ...problem.where, layer } } }];
    return [{ verdict, problem: budget.ofBoard === undefined ? problem : { ...problem, where: undefined } }];
  });
}

import * as vscode from 'vscode';
import type { Verdict } from '../../app/budgets/judge';
import type { PredictReport } from '../../app/engine-contract';
import { findLayer } from '../../app/budgets/find-layer';
import type { Budget } from '../../app/budgets/read';
import { remedies, type Remedy } from '../../app/budgets/remedies';
import type { InspectReport } from '../../engine/cost/report';
import { predictedEffect } from '../present/budget-fixes';
import { quantityText } from '../../app/budgets/problems';
import type { Services } from '../services';

/** Longer than this nobody waits for a light bulb: the fix is then offered without its figures. */
const PREDICTION_MS = 4000;

/** Quick fixes on a budget's line, each with what it would do. */
export class BudgetActions implements vscode.CodeActionProvider {
  /** By the report that they are about: the same one as long as model and board are. */
  private readonly predictions = new WeakMap<InspectReport, Map<string, Promise<PredictReport>>>();

  constructor(private readonly services: Services) {}

  async provideCodeActions(document: vscode.TextDocument, range: vscode.Range): Promise<vscode.CodeAction[]> {
    const here = this.services.budgets.verdictsIn(document.uri.fsPath).filter(({ budget, problem }) => problem && budget.place.line - 1 >= range.start.line && budget.place.line - 1 <= range.end.line);
    return (await Promise.all(here.map((verdict) => this.actionsFor(document, verdict)))).flat();
  }

  private async actionsFor(document: vscode.TextDocument, verdict: Verdict): Promise<vscode.CodeAction[]> {
    const { budget, state, measured } = verdict;
    const diagnostics = vscode.languages.getDiagnostics(document.uri).filter(({ range, code }) => range.start.line === budget.place.line - 1 && code === verdict.problem?.code);
    const quickFix = (title: string, part: Partial<vscode.CodeAction>): vscode.CodeAction => Object.assign(new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix), { diagnostics, ...part });
    const command = (title: string, id: string, args: readonly unknown[] = []): vscode.CodeAction => quickFix(title, { command: { command: id, title, arguments: [...args] } });
    const model = vscode.Uri.file(budget.modelPath);
    if (budget.resource === 'accuracy' && state === 'unknown') return [command('Measure accuracy on the labelled test samples', 'tinyml.measureAccuracy', [model])];
    if (state !== 'over' || !measured) return [command(`Open ${budget.model} in the inspector`, 'tinyml.openModel', [model])];

    const report = await this.services.models.reportIfReadable(budget.modelPath, { board: budget.board === undefined ? undefined : this.services.board.forEngineOf(budget.board) });
    const fitting = report ? remedies.filter((remedy) => remedy.helps.includes(budget.resource) && remedy.appliesTo(report)) : [];
    const remedyActions = await Promise.all(fitting.map(async (remedy) => command(await this.titleOf(remedy, budget, report!), remedy.command.id, remedy.command.args(budget.modelPath))));
    if (remedyActions.length) remedyActions[0].isPreferred = true;
    const edit = new vscode.WorkspaceEdit();
    const value = budget.resource === 'accuracy' ? Math.floor(measured.value * 1000) / 1000 : Math.ceil(measured.value);
    edit.replace(document.uri, rangeOf(budget), String(value));
    return [
      ...remedyActions,
      quickFix(`Set the budget to ${quantityText(budget.resource, value)}`, { edit }),
      ...(budget.resource === 'timeUs' ? [command('Choose another board…', 'tinyml.chooseBoard')] : []),
      command(`Open ${budget.model} in the inspector`, 'tinyml.openModel', [model]),
    ];
  }

  /** The remedy's title with the figures that the engine plans for it. */
  private async titleOf(remedy: Remedy, budget: Budget, report: InspectReport): Promise<string> {
    const predicting = this.predict(remedy, budget, report);
    const late = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), PREDICTION_MS));
    const predicted = await Promise.race([predicting, late]).catch(() => undefined);
    return `${remedy.title}: ${predicted ? predictedEffect(budget, budget.layer === undefined ? undefined : findLayer(report.layers, budget.layer)?.name, predicted) : 'effect not known yet'}`;
  }

  private predict(remedy: Remedy, budget: Budget, report: InspectReport): Promise<PredictReport> {
    const known = this.predictions.get(report) ?? new Map<string, Promise<PredictReport>>();
    this.predictions.set(report, known);
    const board = budget.board === undefined ? undefined : this.services.board.forEngineOf(budget.board);
    const predicting = known.get(remedy.id) ?? this.services.engine.request('predict', { path: budget.modelPath, board, calibration: this.services.board.calibrationOf(budget.board), remedy: remedy.id });
    known.set(remedy.id, predicting);
    return predicting;
  }
}

export const rangeOf = ({ place: { line, columns } }: Budget): vscode.Range => new vscode.Range(line - 1, columns[0] - 1, line - 1, columns[1] - 1);

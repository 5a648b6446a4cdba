import * as vscode from 'vscode';
import type { Verdict } from '../../app/budgets/judge';
import type { Budget } from '../../app/budgets/read';
import { lineTitle } from '../present/budget-fixes';
import { quantityText } from '../../app/budgets/problems';
import type { Services } from '../services';

/** Longer than this nobody waits for a light bulb. */
const PREDICTION_MS = 4000;

/** Quick fixes on a budget's line, each with what it would do. */
export class BudgetActions implements vscode.CodeActionProvider {
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

    const { fixes, refused } = await this.services.remedies.fixesOf(verdict, lineTitle, PREDICTION_MS);
    const remedyActions = fixes.flatMap((fix) => (fix.command ? [command(fix.title, fix.command.id, fix.command.args)] : []));
    if (remedyActions.length) remedyActions[0].isPreferred = true;
    const edit = new vscode.WorkspaceEdit();
    const value = budget.resource === 'accuracy' ? Math.floor(measured.value * 1000) / 1000 : Math.ceil(measured.value);
    edit.replace(document.uri, rangeOf(budget), String(value));
    return [
      ...remedyActions,
      // Shown greyed out, with the reason.
      ...refused.map(({ title, why }) => quickFix(title, { disabled: { reason: why } })),
      quickFix(`Set the budget to ${quantityText(budget.resource, value)}`, { edit }),
      ...(budget.resource === 'timeUs' ? [command('Choose another board…', 'tinyml.chooseBoard')] : []),
      command(`Open ${budget.model} in the inspector`, 'tinyml.openModel', [model]),
    ];
  }
}

export const rangeOf = ({ place: { line, columns } }: Budget): vscode.Range => new vscode.Range(line - 1, columns[0] - 1, line - 1, columns[1] - 1);

import * as vscode from 'vscode';
import { budgetTable } from '../present/inline';
import type { Services } from '../services';
import { rangeOf } from './budget-actions';

/** What a budget's line stands at. */
export class BudgetHover implements vscode.HoverProvider {
  constructor(private readonly services: Services) {}

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const verdict = this.services.budgets.verdictsIn(document.uri.fsPath).find(({ budget }) => budget.place.line - 1 === position.line);
    if (!verdict) return undefined;
    const text = new vscode.MarkdownString(budgetTable(verdict), true);
    text.isTrusted = { enabledCommands: ['tinyml.openModel'] };
    const args = encodeURIComponent(JSON.stringify([verdict.budget.modelPath]));
    text.appendMarkdown(`\n\n[Open inspector](command:tinyml.openModel?${args})`);
    return new vscode.Hover(text, rangeOf(verdict.budget));
  }
}

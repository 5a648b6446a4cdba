import path from 'node:path';
import * as vscode from 'vscode';
import { jsonCursor } from '../../app/data/json-path';
import { boardDetail } from '../present/board';
import { layerDetail } from '../present/inline';
import type { Services } from '../services';

interface Offer {
  readonly text: string;
  readonly detail: string;
}

/** What the schema cannot know: models, layers and boards by their names. */
export class BudgetCompletions implements vscode.CompletionItemProvider {
  constructor(private readonly services: Services) {}

  async provideCompletionItems(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.CompletionItem[]> {
    const offset = document.offsetAt(position);
    const { path: names, at, key, from } = jsonCursor(document.getText(), offset);
    const isName = at === 'name';
    const offers = isName ? await this.namesIn(document, names) : key === 'board' && !names.length ? this.boards() : [];
    const quoted = /^"[^"\n]*"/.exec(document.getText().slice(from))?.[0].length ?? offset - from;
    const range = new vscode.Range(document.positionAt(from), document.positionAt(Math.max(offset, from + quoted)));
    const hasValue = /^\s*:/.test(document.getText().slice(document.offsetAt(range.end)));
    return offers.map(({ text, detail }, order) => {
      const item = new vscode.CompletionItem({ label: text, description: detail }, isName ? vscode.CompletionItemKind.Property : vscode.CompletionItemKind.Value);
      const quotedText = JSON.stringify(text).replace(/[$}\\]/g, '\\$&');
      item.insertText = new vscode.SnippetString(isName && !hasValue ? `${quotedText}: {$0}` : quotedText);
      item.filterText = `"${text}"`;
      item.range = range;
      item.sortText = String(order).padStart(4, '0');
      return item;
    });
  }

  private async namesIn(document: vscode.TextDocument, names: readonly string[]): Promise<Offer[]> {
    const folder = path.dirname(document.uri.fsPath);
    const [head, model] = names;
    const last = names[names.length - 1];
    if (names.length === 1 && (head === 'budgets' || head === 'models')) return this.models(folder);
    if (head !== 'budgets' || model === undefined) return [];
    if (last === 'boards') return this.boards();
    if (last !== 'layers') return [];
    const report = await this.services.models.reportIfReadable(path.resolve(folder, model));
    return (report?.layers ?? []).map((layer) => ({ text: layer.name, detail: layerDetail(layer) }));
  }

  private async models(folder: string): Promise<Offer[]> {
    return (await this.services.models.files()).flatMap((uri) => {
      const relative = path.relative(folder, uri.fsPath);
      return relative.startsWith('..') ? [] : [{ text: relative.split(path.sep).join('/'), detail: 'model' }];
    });
  }

  private boards(): Offer[] {
    return this.services.board.ordered.map((board) => ({ text: board.id, detail: `${board.name} · ${boardDetail(board)}` }));
  }
}

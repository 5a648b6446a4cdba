import fs from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { findFloatCasts, type FloatCast } from '../../app/sources/float-casts';
import { readGeneratedHeader, type GeneratedHeader, type GeneratedInput } from '../../app/sources/generated-c';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { EXCLUDED } from '../models/model-index';
import { castMessage, inputHover } from '../present/model-input';

const CODE = 'TINYML-CAST';
const SETTLE_MS = 300;
const HEADERS_AT_MOST = 5;
export const C_SOURCES: vscode.DocumentFilter[] = [{ pattern: '**/*.{ino,c,cc,cpp,cxx,h,hh,hpp}', scheme: 'file' }];

/** Marks real numbers that are cast into a model's input, offers the right line, and shows on the input what that line is. */
export class FloatCastWatch implements vscode.CodeActionProvider, vscode.HoverProvider, Disposable {
  private readonly store = new DisposableStore();
  private readonly collection = this.store.add(vscode.languages.createDiagnosticCollection('TinyML casts'));
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor() {
    const soon = (document: vscode.TextDocument): void => this.checkSoon(document);
    this.store.add(vscode.workspace.onDidOpenTextDocument(soon));
    this.store.add(vscode.workspace.onDidChangeTextDocument(({ document }) => soon(document)));
    this.store.add(vscode.workspace.onDidCloseTextDocument((document) => this.collection.delete(document.uri)));
    for (const document of vscode.workspace.textDocuments) soon(document);
  }

  provideCodeActions(document: vscode.TextDocument, _range: vscode.Range, context: vscode.CodeActionContext): vscode.CodeAction[] {
    return context.diagnostics.flatMap((diagnostic) => {
      const replacement = diagnostic.code === CODE ? replacements.get(diagnostic) ?? this.replacementAt(document, diagnostic.range) : undefined;
      if (!replacement) return [];
      const action = new vscode.CodeAction(`Round and clamp: ${replacement}`, vscode.CodeActionKind.QuickFix);
      action.edit = new vscode.WorkspaceEdit();
      action.edit.replace(document.uri, diagnostic.range, replacement);
      action.diagnostics = [diagnostic];
      action.isPreferred = true;
      return [action];
    });
  }

  async provideHover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    const range = document.getWordRangeAtPosition(position, /[A-Za-z_]\w*/);
    const word = range && document.getText(range);
    if (!word) return undefined;
    for (const header of await headersOf(document)) {
      const input = inputNamed(word, header, document.getText());
      if (input) return new vscode.Hover(new vscode.MarkdownString(inputHover(header, input)), range);
    }
    return undefined;
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.store.dispose();
  }

  private checkSoon(document: vscode.TextDocument): void {
    if (!vscode.languages.match(C_SOURCES, document)) return;
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.set(key, setTimeout(() => void this.check(document), SETTLE_MS));
  }

  private async check(document: vscode.TextDocument): Promise<void> {
    this.timers.delete(document.uri.toString());
    const { version } = document;
    const headers = await headersOf(document);
    if (document.isClosed || document.version !== version) return;
    this.collection.set(document.uri, findFloatCasts(document.getText(), headers).map((cast) => diagnosticOf(document, cast)));
  }

  /** Diagnostics that come back from the editor are copies. */
  private replacementAt(document: vscode.TextDocument, range: vscode.Range): string | undefined {
    const own = this.collection.get(document.uri)?.find((diagnostic) => diagnostic.range.isEqual(range));
    return own && replacements.get(own);
  }
}

const replacements = new WeakMap<vscode.Diagnostic, string>();

function diagnosticOf(document: vscode.TextDocument, cast: FloatCast): vscode.Diagnostic {
  const range = new vscode.Range(document.positionAt(cast.from), document.positionAt(cast.to));
  const diagnostic = new vscode.Diagnostic(range, castMessage(cast), vscode.DiagnosticSeverity.Warning);
  diagnostic.source = 'TinyML';
  diagnostic.code = CODE;
  if (cast.replacement) replacements.set(diagnostic, cast.replacement);
  return diagnostic;
}

/** Generated headers that a source includes: beside it, at the path it writes, else anywhere in the workspace. */
async function headersOf(document: vscode.TextDocument): Promise<GeneratedHeader[]> {
  const text = document.getText();
  const names = [...text.matchAll(/^\s*#\s*include\s*["<]([^">]+\.h)[">]/gm)].map(([, name]) => name);
  const headers = await Promise.all(
    [...new Set(names)].map(async (name) => {
      // Only a name that the text uses as a model's can be one.
      if (!text.includes(`${path.basename(name, '.h')}_`)) return undefined;
      const beside = await headerAt(path.resolve(path.dirname(document.uri.fsPath), name));
      if (beside) return beside;
      const found = await vscode.workspace.findFiles(`**/${path.basename(name)}`, EXCLUDED, HEADERS_AT_MOST);
      for (const uri of found) {
        const header = await headerAt(uri.fsPath);
        if (header) return header;
      }
      return undefined;
    }),
  );
  return headers.filter((header) => header !== undefined);
}

async function headerAt(file: string): Promise<GeneratedHeader | undefined> {
  const text = await fs.readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : readGeneratedHeader(text);
}

/** The input that a word stands for: its function, its macros, or a pointer that it was assigned to. */
function inputNamed(word: string, { name, inputs }: GeneratedHeader, text: string): GeneratedInput | undefined {
  return inputs.find(({ index }) => {
    const access = `${name}_input_${index}`;
    if (word === access || word === `${name}_quantize_input_${index}` || word.startsWith(`${name.toUpperCase()}_INPUT_${index}_`)) return true;
    return new RegExp(`\\b${word}\\s*=\\s*(?:\\([^()]*\\)\\s*)?${access}\\s*\\(`).test(text);
  });
}

import path from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { Log } from '../../base/log';
import { formatProblem, type Problem, type Severity } from '../../base/problem';
import { applyFix, isActionable } from './fixes';

const diagnosticSeverity: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};
const showMessage = {
  error: vscode.window.showErrorMessage,
  warning: vscode.window.showWarningMessage,
  info: vscode.window.showInformationMessage,
} as const satisfies Record<Severity, unknown>;

/** A first line longer than this is a command or a stack, not a sentence. */
const SENTENCE_AT_MOST = 160;

/** A notification shows what is so and the first sentence of why; the channel has everything. */
const headline = (problem: Problem, others: number): string => {
  const why = problem.detail?.split('\n')[0] ?? '';
  const more = others ? ` (and ${others} more)` : '';
  return `${problem.title}${more}${why && why.length <= SENTENCE_AT_MOST ? `. ${why}` : ''}`;
};

/** The one place where problems meet the user outside of a panel: notifications, output channel, Problems view. */
export class ProblemDisplay implements Disposable {
  private readonly store = new DisposableStore();
  private readonly collections = new Map<string, vscode.DiagnosticCollection>();

  constructor(private readonly log: Log, private readonly output: vscode.LogOutputChannel) {}

  /** One message for the worst problem, all of them in the channel. Does not wait for the user's answer. */
  show(problem: Problem, others: readonly Problem[] = []): void {
    const all = [problem, ...others];
    for (const each of all) this.log.write(each.severity, formatProblem(each));
    const actions = problem.fixes.filter(isActionable).slice(0, 3).map((fix) => ({ title: fix.title, run: () => applyFix(fix) }));
    const offersOutput = problem.fixes.some((fix) => fix.command?.id === 'tinyml.showOutput');
    if (!offersOutput && (problem.detail || others.length)) actions.push({ title: 'Show Details', run: async () => this.output.show(true) });
    void showMessage[problem.severity](headline(problem, others.length), ...actions).then((chosen) => chosen?.run());
  }

  /** Replaces what `owner` has said about files; problems without a file are left to `show`. */
  setDiagnostics(owner: string, problems: readonly Problem[], fallbackPath?: string): void {
    const byPath = new Map<string, vscode.Diagnostic[]>();
    for (const problem of problems) {
      const file = problem.where?.path ?? fallbackPath;
      if (!file || !path.isAbsolute(file)) continue;
      byPath.set(file, [...(byPath.get(file) ?? []), diagnosticOf(problem)]);
    }
    const collection = this.collectionOf(owner);
    collection.clear();
    for (const [file, diagnostics] of byPath) collection.set(vscode.Uri.file(file), diagnostics);
  }

  clearDiagnostics(owner: string): void {
    this.collections.get(owner)?.dispose();
    this.collections.delete(owner);
  }

  dispose(): void {
    for (const collection of this.collections.values()) collection.dispose();
    this.collections.clear();
    this.store.dispose();
  }

  private collectionOf(owner: string): vscode.DiagnosticCollection {
    const existing = this.collections.get(owner);
    if (existing) return existing;
    const created = vscode.languages.createDiagnosticCollection(`TinyML ${owner}`);
    this.collections.set(owner, created);
    return created;
  }
}

function diagnosticOf(problem: Problem): vscode.Diagnostic {
  const line = Math.max(0, (problem.where?.line ?? 1) - 1);
  // A model has no lines; a text file's line is marked as a whole.
  const end = problem.where?.line ? Number.MAX_SAFE_INTEGER : 0;
  const [from, to] = problem.where?.columns?.map((column) => column - 1) ?? [0, end];
  const layer = problem.where?.layer ? `${problem.where.layer}: ` : '';
  const diagnostic = new vscode.Diagnostic(
    new vscode.Range(line, from, line, to),
    [layer + problem.title, problem.detail].filter(Boolean).join('\n'),
    diagnosticSeverity[problem.severity],
  );
  diagnostic.source = 'TinyML';
  diagnostic.code = problem.code;
  return diagnostic;
}

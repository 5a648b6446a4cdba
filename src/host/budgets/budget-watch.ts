import fs from 'node:fs/promises';
import * as vscode from 'vscode';
import { checkBudgets } from '../../app/check-budgets';
import type { Accuracy } from '../../app/engine-contract';
import type { EngineRequests } from '../../app/run-contract';
import type { Verdict } from '../../app/budgets/judge';
import type { Resource } from '../../app/budgets/quantity';
import { isCancelled } from '../../base/cancel';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/event';
import type { Log } from '../../base/log';
import { ProblemError, problemOfUnknown, type Problem } from '../../base/problem';
import type { BoardChoice } from '../board-choice';
import { fileStamp } from '../models/file-stamp';
import { EXCLUDED, type ModelIndex } from '../models/model-index';
import type { ProblemDisplay } from '../ui/problems';

const OWNER = 'budgets';
const PROJECT_FILE = 'tinyml.json';
const PROJECTS_AT_MOST = 20;
/** While a budget is typed it is not judged at each key. */
const SETTLE_MS = 250;
const ACCURACIES = 'tinyml.accuracies';

/** Judges the budgets of every `tinyml.json`, as soon as the file, a model or the board changes; breaches are marked on their lines. */
export class BudgetWatch implements Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<void>());
  readonly onDidChange = this.changed.event;
  private timer: NodeJS.Timeout | undefined;
  private running: AbortController | undefined;
  private judged: ReadonlyMap<string, readonly Verdict[]> = new Map();

  constructor(
    private readonly models: ModelIndex,
    private readonly engine: EngineRequests,
    private readonly board: BoardChoice,
    private readonly problems: ProblemDisplay,
    private readonly state: vscode.Memento,
    private readonly log: Log,
  ) {
    const watcher = this.store.add(vscode.workspace.createFileSystemWatcher(`**/${PROJECT_FILE}`));
    const touch = (): void => this.refreshSoon();
    for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete, models.onDidChange]) this.store.add((event as vscode.Event<unknown>)(touch));
    this.store.add(vscode.workspace.onDidChangeTextDocument(({ document }) => isProject(document) && touch()));
    this.store.add(vscode.workspace.onDidCloseTextDocument((document) => isProject(document) && touch()));
    this.refreshSoon();
  }

  /** All verdicts, of all project files. */
  get verdicts(): readonly Verdict[] {
    return [...this.judged.values()].flat();
  }

  verdictsIn(file: string): readonly Verdict[] {
    return this.judged.get(file) ?? [];
  }

  /** Of one model, all its boards and layers. */
  verdictsOf(modelPath: string): readonly Verdict[] {
    return this.verdicts.filter(({ budget }) => budget.modelPath === modelPath);
  }

  /** Budgets of the whole model on a board, the least of each resource. */
  limitsOf(modelPath: string, board: string | undefined): Partial<Record<Resource, number>> {
    const limits: Partial<Record<Resource, number>> = {};
    for (const { budget: { resource, limit, layer, board: about } } of this.verdictsOf(modelPath)) {
      if (layer === undefined && (about === undefined || about === board)) limits[resource] = Math.min(limit, limits[resource] ?? Infinity);
    }
    return limits;
  }

  /** The least RAM that the model, or this layer of it, may use: by budget, else by the board. */
  ramLimit(modelPath: string, layer?: { readonly name: string; readonly index: number }): number | undefined {
    const limits = this.verdictsOf(modelPath)
      .filter(({ budget }) => budget.resource === 'ram' && (budget.layer === undefined || (layer && (budget.layer === layer.name || budget.layer === `#${layer.index}`))))
      .map(({ budget }) => budget.limit);
    return limits.length ? Math.min(...limits) : this.board.current?.ramBytes?.value;
  }

  /** Runs the labelled test samples, and keeps what came out until the model changes. */
  async measureAccuracy(modelPath: string, measure: () => Promise<Accuracy | undefined>): Promise<Accuracy | undefined> {
    const stamp = await fileStamp(modelPath);
    const accuracy = await measure();
    if (!accuracy) return undefined;
    await this.state.update(ACCURACIES, { ...this.accuracies, [modelPath]: { stamp, accuracy } });
    await this.refresh();
    return accuracy;
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.running?.abort();
    this.problems.clearDiagnostics(OWNER);
    this.store.dispose();
  }

  private get accuracies(): Readonly<Record<string, { readonly stamp: string; readonly accuracy: Accuracy }>> {
    return this.state.get(ACCURACIES, {});
  }

  private refreshSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.refresh(), SETTLE_MS);
  }

  private async refresh(): Promise<void> {
    this.running?.abort();
    const abort = new AbortController();
    this.running = abort;
    const task = { signal: abort.signal, log: this.log, progress: () => {} };
    const judged = new Map<string, readonly Verdict[]>();
    const problems: Problem[] = [];
    for (const uri of await vscode.workspace.findFiles(`**/${PROJECT_FILE}`, EXCLUDED, PROJECTS_AT_MOST)) {
      const file = uri.fsPath;
      try {
        const text = vscode.workspace.textDocuments.find((document) => document.uri.fsPath === file)?.getText() ?? (await fs.readFile(file, 'utf8'));
        const verdicts = await checkBudgets(file, this.cached, task, { text, board: this.board.current?.id, accuracy: (model) => this.knownAccuracy(model) });
        judged.set(file, verdicts);
        problems.push(...verdicts.flatMap(({ problem }) => (problem ? [problem] : [])));
      } catch (error) {
        if (isCancelled(error) || abort.signal.aborted) return;
        const problem = error instanceof ProblemError ? error.problem : problemOfUnknown(error);
        problems.push({ ...problem, where: { path: file, ...problem.where } });
      }
    }
    if (abort.signal.aborted) return;
    this.problems.setDiagnostics(OWNER, problems);
    const text = (verdicts: ReadonlyMap<string, readonly Verdict[]>): string => JSON.stringify([...verdicts]);
    if (text(judged) === text(this.judged)) return;
    this.judged = judged;
    this.changed.fire();
  }

  /** The engine, with what the index knows already. */
  private get cached(): EngineRequests {
    return {
      request: ((method, params, options) => {
        if (method !== 'inspect') return this.engine.request(method, params, options);
        const { path, board } = params as { path: string; board?: string };
        return this.models.report(path, { board: board === undefined ? undefined : this.board.forEngineOf(board) });
      }) as EngineRequests['request'],
    };
  }

  private async knownAccuracy(modelPath: string): Promise<Accuracy | undefined> {
    const known = this.accuracies[modelPath];
    return known && known.stamp === (await fileStamp(modelPath)) ? known.accuracy : undefined;
  }
}

const isProject = (document: vscode.TextDocument): boolean => document.uri.path.endsWith(`/${PROJECT_FILE}`);

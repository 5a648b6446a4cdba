import fs from 'node:fs/promises';
import * as vscode from 'vscode';
import { FILE_NAME as PROJECT_FILE, nearestProject } from '../../app/data/project-file';
import type { InspectRequest } from '../../app/engine-contract';
import type { EngineRequests } from '../../app/run-contract';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/event';
import type { InspectReport } from '../../engine/cost/report';
import type { BoardChoice } from '../board-choice';
import type { ExtentChoice } from '../extent-choice';
import { fileStamp } from './file-stamp';
import { isAboutMemory, usualMemoryOf } from '../memory-setting';

/** More models than this are not listed: such a folder is an archive. */
const MODELS_AT_MOST = 500;
/** Larger files are read when they are opened, not by themselves. */
const BYTES_AT_MOST = 256 * 1024 * 1024;
/** Several writes of one export are one change. */
const SETTLE_MS = 200;
/** Reports kept for models and boards that were looked at last. */
const REPORTS_AT_MOST = 200;

export const EXCLUDED = '**/{node_modules,.git,.venv,venv,__pycache__}/**';

interface Entry {
  readonly stamp: string;
  readonly report: Promise<InspectReport>;
  done?: InspectReport;
}

/** Models of the workspace and what the engine says of them: asked once for each state of a file, whoever wants to know. */
export class ModelIndex implements Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<void>());
  /** A model has come, changed or gone, or another board counts. */
  readonly onDidChange = this.changed.event;
  private readonly entries = new Map<string, Entry>();
  private found: Promise<readonly vscode.Uri[]> | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly engine: EngineRequests, private readonly board: BoardChoice, private readonly extents: ExtentChoice) {
    const watcher = this.store.add(vscode.workspace.createFileSystemWatcher('**/*.{onnx,tflite}'));
    const touch = (): void => {
      this.found = undefined;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.changed.fire(), SETTLE_MS);
    };
    for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete, vscode.workspace.onDidChangeWorkspaceFolders]) this.store.add((event as vscode.Event<unknown>)(touch));
    // What tinyml.json and the settings say of a model becomes part of its plan.
    const projects = this.store.add(vscode.workspace.createFileSystemWatcher(`**/${PROJECT_FILE}`));
    for (const event of [projects.onDidChange, projects.onDidCreate, projects.onDidDelete]) this.store.add(event(() => this.changed.fire()));
    this.store.add(vscode.workspace.onDidChangeConfiguration((event) => isAboutMemory(event) && this.changed.fire()));
    this.store.add(board.onDidChange(() => this.changed.fire()));
    this.store.add(extents.onDidChange(() => this.changed.fire()));
  }

  /** In alphabetical order. */
  files(): Promise<readonly vscode.Uri[]> {
    return (this.found ??= Promise.resolve(vscode.workspace.findFiles('**/*.{onnx,tflite}', EXCLUDED, MODELS_AT_MOST)).then((uris) => [...uris].sort((a, b) => a.path.localeCompare(b.path))));
  }

  /** @throws ProblemError of the engine, or a system error where the file is gone. */
  async report(file: string, wish: Pick<InspectRequest, 'board' | 'isa' | 'withHash'> = { board: this.board.forEngine }): Promise<InspectReport> {
    const state = await fileStamp(file);
    const key = keyOf(file, wish);
    const calibration = this.board.calibrationOf(idOf(wish.board));
    const bindings = this.extents.of(file);
    const stamp = `${state} ${calibration?.factor ?? ''} ${typeof wish.board === 'object' ? JSON.stringify(wish.board) : ''} ${JSON.stringify([bindings, usualMemoryOf(file), (await nearestProject(file))?.text])}`;
    const known = this.entries.get(key);
    if (known?.stamp === stamp) return known.report;
    const entry: Entry = { stamp, report: this.engine.request('inspect', { path: file, bindings, ...wish, ...(calibration ? { calibration } : {}) }) };
    this.entries.delete(key);
    this.entries.set(key, entry);
    entry.report.then(
      (report) => (entry.done = report),
      () => this.entries.get(key) === entry && this.entries.delete(key),
    );
    const oldest = this.entries.keys().next().value;
    if (this.entries.size > REPORTS_AT_MOST && oldest !== undefined) this.entries.delete(oldest);
    return entry.report;
  }

  /** The same, or undefined where the file cannot be read, is not there, or is too large to be read unasked. */
  async reportIfReadable(file: string, wish?: Pick<InspectRequest, 'board' | 'isa' | 'withHash'>): Promise<InspectReport | undefined> {
    try {
      if ((await fs.stat(file)).size > BYTES_AT_MOST) return undefined;
      return await this.report(file, wish);
    } catch {
      return undefined; // whoever opens the model sees the problem
    }
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.store.dispose();
  }
}

const idOf = (board: InspectRequest['board']): string | undefined => (typeof board === 'string' ? board : board?.id);
const keyOf = (file: string, { board, isa, withHash }: Pick<InspectRequest, 'board' | 'isa' | 'withHash'>): string => [file, idOf(board) ?? '', isa ?? '', withHash ? 'hash' : ''].join('\0');

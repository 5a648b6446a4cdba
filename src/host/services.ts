import * as vscode from 'vscode';
import { EngineClient } from '../app/worker/client';
import type { EngineRequests, RunDeps } from '../app/run-contract';
import { DisposableStore, type Disposable } from '../base/disposable';
import type { Log } from '../base/log';
import { BoardChoice } from './board-choice';
import { watchUserBoards } from './boards/user-board-files';
import { BudgetWatch } from './budgets/budget-watch';
import { DevicePanel } from './device/device-panel';
import { RunManager } from './device/run-manager';
import { ExtentChoice } from './extent-choice';
import { LayerSelection } from './layer-selection';
import { ModelIndex } from './models/model-index';
import { toolEnvironment } from './tool-environment';
import { logTo } from './ui/log';
import { ProblemDisplay } from './ui/problems';
import { createStatus } from './ui/status';

/** Everything that lives as long as the extension; commands and editors are given this and nothing else. */
export interface Services extends Disposable {
  readonly extensionUri: vscode.Uri;
  readonly output: vscode.LogOutputChannel;
  readonly log: Log;
  readonly problems: ProblemDisplay;
  readonly engine: EngineRequests;
  readonly board: BoardChoice;
  readonly extents: ExtentChoice;
  readonly runs: RunManager;
  readonly runDeps: () => RunDeps;
  readonly devicePanel: DevicePanel;
  readonly models: ModelIndex;
  readonly budgets: BudgetWatch;
  readonly selection: LayerSelection;
}

export function createServices(context: vscode.ExtensionContext): Services {
  const store = new DisposableStore();
  const { extensionUri } = context;
  const program = (file: string): string => vscode.Uri.joinPath(extensionUri, 'dist', file).fsPath;
  const output = store.add(vscode.window.createOutputChannel('TinyML', { log: true }));
  const log = logTo(output);
  const problems = store.add(new ProblemDisplay(log, output));
  const engine = store.add(new EngineClient(program('engine-worker.js'), log));
  const board = store.add(new BoardChoice(context.workspaceState, context.globalState));
  const extents = store.add(new ExtentChoice());
  const runDeps = (): RunDeps => ({
    engine,
    programs: { avrSimulator: program('avr-simulator.js'), rp2040Simulator: program('rp2040-simulator.js') },
    buildRoot: vscode.Uri.joinPath(context.storageUri ?? context.globalStorageUri, 'build').fsPath,
    workspace: vscode.workspace.workspaceFolders?.[0]?.uri.fsPath,
    env: toolEnvironment(process.env),
  });
  // Device code is loaded with the first run: activation stays free of native modules.
  const runs = store.add(new RunManager(async (...args) => (await import('../app/run-on-board')).runOnBoard(...args), runDeps, log));
  const devicePanel = store.add(new DevicePanel(extensionUri, runs));
  store.add(watchUserBoards(board, problems, log));
  const models = store.add(new ModelIndex(engine, board, extents));
  const budgets = store.add(new BudgetWatch(models, engine, board, problems, context.workspaceState, log));
  const selection = store.add(new LayerSelection());
  store.add(createStatus(board, runs, budgets));
  return { extensionUri, output, log, problems, engine, board, extents, runs, runDeps, devicePanel, models, budgets, selection, dispose: () => store.dispose() };
}

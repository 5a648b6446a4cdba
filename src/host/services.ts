import * as vscode from 'vscode';
import { EngineClient } from '../app/worker/client';
import type { EngineRequests, RunDeps } from '../app/run-contract';
import { DisposableStore, type Disposable } from '../base/disposable';
import type { Log } from '../base/log';
import { BoardChoice } from './board-choice';
import { watchUserBoards } from './boards/user-board-files';
import { BudgetWatch } from './budgets/budget-watch';
import { RemedyPredictions } from './budgets/remedy-predictions';
import { BoardSessions } from './device/board-sessions';
import { DevicePanel } from './device/device-panel';
import { Monitors } from './device/monitors';
import { RunManager } from './device/run-manager';
import { Comparisons } from './editors/comparisons';
import { Inspectors } from './editors/inspector-keys';
import { ExtentChoice } from './extent-choice';
import { LayerSelection } from './layer-selection';
import { withUsualMemory } from './memory-setting';
import { ModelIndex } from './models/model-index';
import { toolEnvironment } from './tool-environment';
import { logTo } from './ui/log';
import { ProblemDisplay } from './ui/problems';
import { createStatus } from './ui/status';
import { VerifyManager } from './verify/verify-manager';
import { VerifyPanel } from './verify/verify-panel';

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
  /** Runs on several boards at once; `runs` and `devicePanel` are the first of them. */
  readonly sessions: BoardSessions;
  readonly monitors: Monitors;
  readonly verifications: VerifyManager;
  readonly verifyPanel: VerifyPanel;
  readonly models: ModelIndex;
  readonly budgets: BudgetWatch;
  readonly remedies: RemedyPredictions;
  readonly inspectors: Inspectors;
  readonly comparisons: Comparisons;
  readonly selection: LayerSelection;
}

export function createServices(context: vscode.ExtensionContext): Services {
  const store = new DisposableStore();
  const { extensionUri } = context;
  const program = (file: string): string => vscode.Uri.joinPath(extensionUri, 'dist', file).fsPath;
  const output = store.add(vscode.window.createOutputChannel('TinyML', { log: true }));
  const log = logTo(output);
  const problems = store.add(new ProblemDisplay(log, output));
  const engine = withUsualMemory(store.add(new EngineClient(program('cli.js'), log)));
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
  const makeRuns = (to: Log): RunManager => new RunManager(async (...args) => (await import('./on-demand')).runOnBoard(...args), runDeps, to);
  const runs = store.add(makeRuns(log));
  const devicePanel = store.add(new DevicePanel(extensionUri, runs));
  const sessions = store.add(
    new BoardSessions({ runs, panel: devicePanel }, ({ name }) => {
      // One channel for all boards that are flashed: lines of others than the first say whose they are.
      const more = makeRuns({ write: (level, message) => log.write(level, `${name}: ${message}`) });
      return { runs: more, panel: new DevicePanel(extensionUri, more, `TinyML ${name}`) };
    }),
  );
  const monitors = store.add(new Monitors(extensionUri, runDeps));
  const verifications = store.add(new VerifyManager(async (...args) => (await import('./on-demand')).verifyOnBoard(...args), runDeps, log));
  const verifyPanel = store.add(new VerifyPanel(extensionUri, verifications, runDeps));
  store.add(watchUserBoards(board, problems, log));
  const models = store.add(new ModelIndex(engine, board, extents));
  const budgets = store.add(new BudgetWatch(models, engine, board, problems, context.workspaceState, log));
  const remedies = new RemedyPredictions(engine, models, board);
  const selection = store.add(new LayerSelection());
  store.add(createStatus(board, runs, budgets));
  return {
    extensionUri, output, log, problems, engine, board, extents, runs, runDeps, devicePanel, sessions, monitors, verifications, verifyPanel, models, budgets, remedies, inspectors: new Inspectors(), comparisons: new Comparisons(), selection,
    dispose: () => store.dispose(),
  };
}

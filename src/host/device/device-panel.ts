import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { DeviceContract } from '../../messages/device';
import { applyFix } from '../ui/fixes';
import { RpcPanel } from '../webview/panel';
import type { RunManager } from './run-manager';
import { saveCsv } from './save-csv';

/** The device panel beside the editor: at most one, made when first asked for. */
export class DevicePanel implements Disposable {
  private readonly store = new DisposableStore();
  private panel: RpcPanel<DeviceContract> | undefined;

  constructor(private readonly extensionUri: vscode.Uri, private readonly runs: RunManager, private readonly title = 'TinyML Device') {
    this.store.add(runs.onDidUpdate((update) => this.panel?.notify('update', update)));
    this.store.add(runs.onDidStart((snapshot) => this.panel?.notify('reset', snapshot)));
  }

  /** Never takes the focus from where the user works, unless asked to. */
  show(preserveFocus: boolean): void {
    if (this.panel) return this.panel.view.reveal(undefined, preserveFocus);
    const view = vscode.window.createWebviewPanel('tinyml.device', this.title, { viewColumn: vscode.ViewColumn.Beside, preserveFocus }, {});
    view.iconPath = vscode.Uri.joinPath(this.extensionUri, 'media', 'device.svg');
    const panel = new RpcPanel<DeviceContract>(view, 'device', this.extensionUri, {
      attach: () => this.runs.attach(),
      stop: async () => (await this.runs.stop(), null),
      rerun: () => this.command('tinyml.flash', ...this.lastRun()),
      chooseBoard: () => this.command('tinyml.chooseBoard'),
      showOutput: () => this.command('tinyml.showOutput'),
      verify: () => this.command('tinyml.verify', ...this.lastRun()),
      calibrate: () => this.command('tinyml.calibrateBoard', { boardId: this.runs.lastRequest?.board.id, portPath: this.runs.lastRequest?.request.portPath }),
      record: () => this.command('tinyml.record', this.runs),
      feed: ({ how }) => (this.runs.feed(how), null),
      send: async ({ text }) => (await this.runs.send(text), null),
      exportCsv: async () => (await saveCsv(this.runs), null),
      requantize: () => this.command('tinyml.requantize', this.runs),
      fix: async ({ fix }) => (await applyFix(fix), null),
    });
    this.panel = panel;
    panel.own({ dispose: () => (this.panel = undefined) });
  }

  dispose(): void {
    this.panel?.view.dispose();
    this.store.dispose();
  }

  private lastRun(): readonly unknown[] {
    const last = this.runs.lastRequest;
    return last?.board.id ? [vscode.Uri.file(last.request.path), { board: last.board.id, port: last.request.portPath, limit: last.request.limit, data: last.request.data, sensor: last.request.sensor }] : [];
  }

  /** Not awaited: the command has its own progress and shows its own problems. */
  private command(id: string, ...args: readonly unknown[]): null {
    void vscode.commands.executeCommand(id, ...args);
    return null;
  }
}

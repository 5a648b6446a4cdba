import fs from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { VerifyContract } from '../../messages/verify';
import { applyFix } from '../ui/fixes';
import { RpcPanel } from '../webview/panel';
import type { RunDeps } from '../../app/run-contract';
import type { VerifyManager } from './verify-manager';

/** The view of the last verification: at most one, beside the editor. */
export class VerifyPanel implements Disposable {
  private readonly store = new DisposableStore();
  private panel: RpcPanel<VerifyContract> | undefined;

  constructor(private readonly extensionUri: vscode.Uri, private readonly manager: VerifyManager, private readonly deps: () => RunDeps) {
    this.store.add(manager.onDidChange((view) => this.panel?.notify('update', view)));
  }

  show(preserveFocus: boolean): void {
    if (this.panel) return this.panel.view.reveal(undefined, preserveFocus);
    const view = vscode.window.createWebviewPanel('tinyml.verify', 'TinyML Verify', { viewColumn: vscode.ViewColumn.Beside, preserveFocus }, { retainContextWhenHidden: true });
    view.iconPath = vscode.Uri.joinPath(this.extensionUri, 'media', 'device.svg');
    const panel = new RpcPanel<VerifyContract>(view, 'verify', this.extensionUri, {
      attach: () => this.manager.view,
      rerun: () => this.again('tinyml.verify'),
      stop: () => (this.manager.stop(), null),
      chooseBoard: () => this.command('tinyml.chooseBoard'),
      flash: () => this.again('tinyml.flash'),
      openKernel: async ({ kernel }) => (await this.openKernel(kernel), null),
      saveReport: async () => (await this.saveReport(), null),
      fix: async ({ fix }) => (await applyFix(fix), null),
    });
    this.panel = panel;
    panel.own({ dispose: () => (this.panel = undefined) });
  }

  /** To the next layer that differs, or the one before; false where this view is not in front. */
  step(by: 1 | -1): boolean {
    const isInFront = this.panel?.view.active === true;
    if (isInFront) this.panel?.notify('step', { by });
    return isInFront;
  }

  dispose(): void {
    this.panel?.view.dispose();
    this.store.dispose();
  }

  /** Not awaited: the command has its own progress and shows its own problems. */
  private command(id: string, ...args: readonly unknown[]): null {
    void vscode.commands.executeCommand(id, ...args);
    return null;
  }

  private again(id: 'tinyml.verify' | 'tinyml.flash'): null {
    const last = this.manager.lastRequest;
    return last ? this.command(id, vscode.Uri.file(last.request.path), { board: last.board.id, port: last.request.portPath, limit: last.request.limit }) : this.command(id);
  }

  /** The generated header that the layer's kernel stands in. */
  private async openKernel(kernel: string): Promise<void> {
    const last = this.manager.lastRequest;
    if (!last || path.basename(kernel) !== kernel) return;
    const { buildRoot } = this.deps();
    const stem = path.basename(last.request.path, path.extname(last.request.path)).replace(/[^\w.-]/g, '_');
    const file = vscode.Uri.file(path.join(buildRoot, last.board.id, stem, 'model', kernel));
    await vscode.window.showTextDocument(file, { viewColumn: vscode.ViewColumn.One, preview: true });
  }

  private async saveReport(): Promise<void> {
    const { report, lastRequest } = this.manager;
    if (!report || !lastRequest) return;
    const folder = path.dirname(lastRequest.request.path);
    const target = await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.file(path.join(folder, `${report.model}.verify.json`)), filters: { JSON: ['json'] }, title: 'Save the report' });
    if (target) await fs.writeFile(target.fsPath, `${JSON.stringify(report, null, 1)}\n`);
  }
}

import * as vscode from 'vscode';
import type { Services } from '../services';
import { modelSummary } from './models-view';

/** ▲ on models over a limit, ≥ on those that are not fully counted, in Explorer and on tabs. */
export class ModelDecorations implements vscode.FileDecorationProvider {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeFileDecorations = this.changed.event;

  constructor(private readonly services: Services) {}

  refresh(): void {
    this.changed.fire(undefined);
  }

  async provideFileDecoration(uri: vscode.Uri): Promise<vscode.FileDecoration | undefined> {
    if (uri.scheme !== 'file' || !/\.(onnx|tflite)$/i.test(uri.path)) return undefined;
    const summary = await modelSummary(this.services, uri.fsPath);
    if (!summary?.badge) return undefined;
    const color = summary.state === 'over' ? new vscode.ThemeColor('list.errorForeground') : undefined;
    return new vscode.FileDecoration(summary.badge, summary.reasons[0], color);
  }

  dispose(): void {
    this.changed.dispose();
  }
}

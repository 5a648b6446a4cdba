import * as vscode from 'vscode';
import type { CompressReport } from '../app/engine-contract';
import type { ReportContract } from '../messages/report';
import { remedyAt, reportView } from './present/report';
import { applyFix } from './ui/fixes';
import { RpcPanel } from './webview/panel';

/** What a report can set off; none of it is awaited: it has its own progress and shows its own problems. */
export interface ReportActions {
  /** Compresses again with layers in other forms. */
  remedy(layers: NonNullable<ReturnType<typeof remedyAt>>): void;
  saveRecipe(): void;
}

/** Shows a report in an editor of its own, beside nothing: it takes the place of the notification's details. */
export function showReport(extensionUri: vscode.Uri, report: CompressReport, actions: ReportActions): void {
  const view = vscode.window.createWebviewPanel('tinyml.report', `Report: ${report.out.split(/[\\/]/).pop() ?? ''}`, { viewColumn: vscode.ViewColumn.Active, preserveFocus: false }, {});
  new RpcPanel<ReportContract>(view, 'report', extensionUri, {
    attach: () => reportView(report),
    open: ({ which }) => {
      void vscode.commands.executeCommand('tinyml.openModel', vscode.Uri.file(which === 'before' ? report.source : report.out));
      return null;
    },
    remedy: ({ index }) => {
      const layers = remedyAt(report, index);
      if (layers) actions.remedy(layers);
      return null;
    },
    saveRecipe: () => {
      actions.saveRecipe();
      return null;
    },
    fix: async ({ fix }) => (await applyFix(fix), null),
  });
}

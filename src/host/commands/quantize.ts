import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { CompressReport, CompressRequest } from '../../app/engine-contract';
import { CancelledError } from '../../base/cancel';
import { ProblemError } from '../../base/problem';
import { compressDetails, compressHeadline } from '../present/compress';
import type { Services } from '../services';
import { withTask } from '../ui/progress';
import { modelTarget } from './model-target';

/** The engine found no data set beside the model: then, and only then, the user is asked for one. */
const NO_DATA = 'TINYML-NO-DATA';

export interface QuantizeOptions {
  /** What happens where the output exists; asked where absent. */
  readonly existing?: 'replace' | 'keep-both';
  readonly data?: string;
}

/** Writes `<stem>.int8.onnx` beside the model and tells what it cost and gained. */
export async function quantize(services: Services, target?: unknown, options: QuantizeOptions = {}): Promise<CompressReport | undefined> {
  const model = await modelTarget(target);
  const out = path.join(path.dirname(model), `${path.parse(model).name}.int8.onnx`);
  const existing = fs.existsSync(out) ? (options.existing ?? (await askExisting(path.basename(out)))) : undefined;
  const request: CompressRequest = { path: model, bindings: services.extents.of(model), quantize: 'int8', data: options.data, ...(existing === 'replace' ? { out, replace: true } : {}) };
  const report = await compress(services, request).catch(async (error: unknown) => {
    if (!(error instanceof ProblemError) || error.problem.code !== NO_DATA || options.data) throw error;
    return compress(services, { ...request, data: await askData(path.dirname(model)) });
  });
  if (report) showResult(services, report);
  return report;
}

const compress = (services: Services, request: CompressRequest): Promise<CompressReport | undefined> =>
  withTask(`Quantizing ${path.basename(request.path)}`, services.log, (task) =>
    services.engine.request('compress', request, { signal: task.signal, progress: (p) => task.progress(p) }),
  );

async function askExisting(name: string): Promise<'replace' | 'keep-both'> {
  const replace = 'Replace';
  const keep = 'Keep Both';
  const answer = await vscode.window.showWarningMessage(`${name} exists already`, { modal: true, detail: 'Keep both writes a numbered file beside it.' }, replace, keep);
  if (!answer) throw new CancelledError();
  return answer === replace ? 'replace' : 'keep-both';
}

/** Data sets of the workspace, or any file. */
async function askData(folder: string): Promise<string> {
  const found = await vscode.workspace.findFiles('**/*.npz', '**/node_modules/**', 200);
  const browse = { label: '$(folder-opened) Choose a file…', description: '', file: undefined };
  const items = found.map((uri) => ({ label: path.basename(uri.fsPath), description: vscode.workspace.asRelativePath(path.dirname(uri.fsPath)), file: uri.fsPath }));
  const title = 'Calibration needs samples: data set for this model';
  const picked = await vscode.window.showQuickPick([...items, browse], { title, placeHolder: '.npz with inputs, and labels if there are any', ignoreFocusOut: true });
  if (!picked) throw new CancelledError();
  if (picked.file) return picked.file;
  const chosen = await vscode.window.showOpenDialog({ title, defaultUri: vscode.Uri.file(folder), filters: { 'Data sets': ['npz'] } });
  if (!chosen?.length) throw new CancelledError();
  return chosen[0].fsPath;
}

function showResult(services: Services, report: CompressReport): void {
  services.log.write('info', compressDetails(report));
  const worst = report.problems.filter((p) => p.severity !== 'info');
  if (worst.length) services.problems.show(worst[0], worst.slice(1));
  void vscode.window.showInformationMessage(compressHeadline(report), 'Open', 'Show Details').then((chosen) => {
    if (chosen === 'Open') return vscode.commands.executeCommand('tinyml.openModel', vscode.Uri.file(report.out));
    if (chosen) services.output.show(true);
  });
}

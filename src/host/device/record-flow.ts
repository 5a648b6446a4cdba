import path from 'node:path';
import * as vscode from 'vscode';
import { floatSourceOf } from '../../app/verify/float-source';
import { samplesOf } from '../../app/record/frame-recorder';
import { saveSamples } from '../../app/record/save-samples';
import { elementCount } from '../../engine/ir/dtype';
import { formatCount } from '../../base/units';
import type { ModelIdentity } from '../../app/engine-contract';
import type { RunManager } from './run-manager';

/**
 * Begins a recording under a label that the user names, or ends it and asks for the file it belongs into. Where the model is
 * known the recording is cut into its samples, and its classes are offered.
 */
export async function toggleRecording(runs: RunManager, model: ModelIdentity | undefined): Promise<void> {
  if (!runs.isRecording) {
    const label = await askLabel(model?.labels ?? []);
    if (label) runs.startRecording(label);
    return;
  }
  const recording = runs.stopRecording();
  const samples = samplesOf(recording, model && elementCount(model.input.shape));
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file('.');
  const target = await vscode.window.showSaveDialog({ title: `Save ${formatCount(samples.labels.length)} samples of ${recording.label}`, defaultUri: vscode.Uri.joinPath(folder, samples.rateHz !== undefined && samples.columns === 1 ? 'recorded' : 'recorded.csv'), filters: { 'Data sets (.wav by label where there is no ending)': ['csv', 'npz', 'wav', '*'] } });
  if (!target) return;
  // The dialog has asked already whether an existing file may be changed: samples are added to it.
  const count = await saveSamples(target.fsPath, samples, { append: true, classNames: model?.labels });
  const source = runs.lastRequest?.request.path;
  const float = source ? ((await floatSourceOf(source)) ?? source) : undefined;
  const answer = await vscode.window.showInformationMessage(`${path.basename(target.fsPath)} has ${formatCount(count)} samples`, ...(source && float ? ['Calibrate with It', 'Replay on Board'] : []), 'Open');
  if (answer === 'Open') await vscode.commands.executeCommand(path.extname(target.fsPath) ? 'vscode.open' : 'revealInExplorer', target);
  // host and board side by side, sample by sample
  else if (answer === 'Replay on Board' && source) await vscode.commands.executeCommand('tinyml.verify', vscode.Uri.file(source), { data: target.fsPath });
  else if (answer && float) await vscode.commands.executeCommand('tinyml.quantize', vscode.Uri.file(float), { data: target.fsPath });
}

function askLabel(labels: readonly string[]): Thenable<string | undefined> {
  const title = 'Label of what is recorded';
  return labels.length ? vscode.window.showQuickPick([...labels], { title }) : vscode.window.showInputBox({ title, prompt: 'What the board measures or prints is recorded until you stop' });
}

import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { CompressReport, CompressRequest } from '../../app/engine-contract';
import { recipeBeside, recipeOf, recipeText, type Recipe } from '../../app/compress/recipe';
import { accuracyOfCompression } from '../../app/accuracy-of-pair';
import { freeName, writeFiles } from '../../app/write-files';
import { CancelledError } from '../../base/cancel';
import { ProblemError } from '../../base/problem';
import { compressDetails, compressHeadline } from '../present/compress';
import { showComparison } from '../editors/compare-panel';
import type { Services } from '../services';
import { INSPECTOR_VIEW_TYPE } from '../editors/view-types';
import { showReport } from '../report-panel';
import { withTask } from '../ui/progress';
import { askData, type DataChoice } from './ask-data';

/** The engine found no data set beside the model: then, and only then, the user is asked for one. */
const NO_DATA = 'TINYML-NO-DATA';

export interface CompressOptions {
  /** What happens where the output exists; asked where absent. */
  readonly existing?: 'replace' | 'keep-both';
  readonly data?: string;
  /** What is asked for besides: steps before and after, forms of single layers, how it is done. */
  readonly change?: Recipe;
}

/** Writes a smaller model beside the original, called `<stem>.<suffix>` in its format, and tells what it cost and gained. Undefined where the user cancelled. */
export async function compressBeside(services: Services, title: string, suffix: string, wanted: CompressRequest, options: CompressOptions): Promise<CompressReport | undefined> {
  const { path: model } = wanted;
  const { dir, name, ext } = path.parse(model);
  const out = path.join(dir, `${name}.${suffix}${ext.toLowerCase() === '.tflite' ? '.tflite' : '.onnx'}`);
  const existing = fs.existsSync(out) ? (options.existing ?? (await askExisting(path.basename(out)))) : undefined;
  const { board } = services;
  const request: CompressRequest = { ...wanted, board: board.forEngine, calibration: board.calibrationOf(board.current?.id), bindings: services.extents.of(model), data: options.data, ...(existing === 'replace' ? { out, replace: true } : {}) };
  let chosen: DataChoice = {};
  const run = (asked: CompressRequest): Promise<CompressReport | undefined> =>
    withTask(`${title} ${path.basename(model)}`, services.log, (task) => services.engine.request('compress', asked, { signal: task.signal, progress: (p) => task.progress(p) }));
  const report = await run(request).catch(async (error: unknown) => {
    if (!(error instanceof ProblemError) || error.problem.code !== NO_DATA || options.data) throw error;
    chosen = await askData(path.dirname(model), request.quantize === undefined || (request.steps?.length ?? 0) + (request.after?.length ?? 0) > 0);
    return run({ ...request, ...chosen });
  });
  if (report) showResult(services, report, { ...request, ...chosen });
  return report;
}

async function askExisting(name: string): Promise<'replace' | 'keep-both'> {
  const replace = 'Replace';
  const keep = 'Keep Both';
  const answer = await vscode.window.showWarningMessage(`${name} exists already`, { modal: true, detail: 'Keep both writes a numbered file beside it.' }, replace, keep);
  if (!answer) throw new CancelledError();
  return answer === replace ? 'replace' : 'keep-both';
}

function showResult(services: Services, report: CompressReport, request: CompressRequest): void {
  services.log.write('info', compressDetails(report));
  const worst = report.problems.filter((p) => p.severity !== 'info');
  if (worst.length) services.problems.show(worst[0], worst.slice(1));
  const compare = (): void => {
    showComparison(services, { before: vscode.Uri.file(report.source), after: vscode.Uri.file(report.out), accuracy: accuracyOfCompression(report) });
  };
  if (isFreeFor(report.source)) compare();
  void vscode.window.showInformationMessage(compressHeadline(report), 'Compare', 'Open', 'Show Report', 'Save Recipe').then((chosen) => {
    if (chosen === 'Compare') return compare();
    if (chosen === 'Open') return vscode.commands.executeCommand('tinyml.openModel', vscode.Uri.file(report.out));
    if (chosen === 'Save Recipe') return saveRecipe(request, report.out);
    if (chosen) return openReport(services, report, request);
  });
}

/** The comparison opens by itself where it covers nothing but the model that was compressed: a compression takes minutes, and who works elsewhere meanwhile is not disturbed. */
function isFreeFor(model: string): boolean {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input === undefined || (input instanceof vscode.TabInputCustom && input.viewType === INSPECTOR_VIEW_TYPE && input.uri.fsPath === model);
}

function openReport(services: Services, report: CompressReport, request: CompressRequest): void {
  showReport(services.extensionUri, report, {
    // Through the command runner, which shows progress and problems; the same steps into a new file.
    remedy: (layers) => {
      const options: CompressOptions = { existing: 'keep-both', data: request.data, change: { ...recipeOf(request), layers: { ...request.layers, ...layers } } };
      void vscode.commands.executeCommand('tinyml.quantize', vscode.Uri.file(request.path), options);
    },
    saveRecipe: () => void saveRecipe(request, report.out),
  });
}

/** The steps beside the result, for `tinyml compress --recipe`. */
async function saveRecipe(request: CompressRequest, out: string): Promise<void> {
  const file = await freeName(recipeBeside(out));
  await writeFiles([{ path: file, content: recipeText(request) }]);
  await vscode.window.showTextDocument(vscode.Uri.file(file), { preview: false });
}

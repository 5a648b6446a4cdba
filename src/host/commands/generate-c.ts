import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { GenerateReport, GenerateRequest } from '../../app/engine-contract';
import { CancelledError } from '../../base/cancel';
import { formatProblem } from '../../base/problem';
import { formatBytes } from '../../base/units';
import type { Services } from '../services';
import { withTask } from '../ui/progress';
import { modelTarget } from './model-target';

export interface GenerateOptions {
  /** Replace what we generated before; asked where absent. */
  readonly replace?: boolean;
}

/** Writes the C sources into `<stem>-c` beside the model and opens header and source. */
export async function generateC(services: Services, target?: unknown, options: GenerateOptions = {}): Promise<GenerateReport | undefined> {
  const model = await modelTarget(target);
  const out = path.join(path.dirname(model), `${path.parse(model).name}-c`);
  const replace = isFilled(out) ? (options.replace ?? (await askReplace(path.basename(out)))) : undefined;
  const settings = vscode.workspace.getConfiguration('tinyml', vscode.Uri.file(model));
  const layout = settings.get<readonly string[]>('layouts', []).join(',') || 'plain';
  const request: GenerateRequest = { path: model, bindings: services.extents.of(model), out, isa: services.board.current?.isa, layout, optimize: settings.get<string>('optimize'), replace };
  const report = await withTask(`Generating C for ${path.basename(model)}`, services.log, (task) =>
    services.engine.request('generate', request, { signal: task.signal, progress: (p) => task.progress(p) }),
  );
  if (report) await showSources(services, report);
  return report;
}

const isFilled = (folder: string): boolean => fs.existsSync(folder) && fs.readdirSync(folder).length > 0;

async function askReplace(name: string): Promise<true> {
  const detail = 'Files that were generated before are replaced. Files of yours in that folder stay as they are.';
  const answer = await vscode.window.showWarningMessage(`The folder ${name} exists already`, { modal: true, detail }, 'Replace Generated Files');
  if (!answer) throw new CancelledError();
  return true;
}

async function showSources(services: Services, report: GenerateReport): Promise<void> {
  services.log.write('info', [`C sources in ${report.directory}`, ...report.files.map((f) => `  ${f.path}  ${formatBytes(f.bytes)}`), ...report.problems.map(formatProblem)].join('\n'));
  const worst = report.problems.filter((p) => p.severity !== 'info');
  if (worst.length) services.problems.show(worst[0], worst.slice(1));
  for (const ending of ['.h', '.c']) {
    const file = report.files.find((f) => path.basename(f.path) === report.name + ending);
    if (file) await vscode.window.showTextDocument(vscode.Uri.file(path.join(report.directory, file.path)), { preview: false, preserveFocus: ending === '.h' });
  }
}

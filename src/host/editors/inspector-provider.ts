import fs from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { isCancelled } from '../../base/cancel';
import { problemOfUnknown } from '../../base/problem';
import type { InspectRequest } from '../../app/engine-contract';
import type { RequestContext, RequestOptions } from '../../base/rpc';
import type { InspectReport } from '../../engine/cost/report';
import type { ModelFormat } from '../../engine/ir/types';
import type { InspectorAction, InspectorCommand, InspectorContract, InspectorFacts, InspectorView } from '../../messages/inspector';
import { FILE_NAME as PROJECT_FILE } from '../../app/data/project-file';
import { viewOfBoard } from '../present/board';
import { formatName, presentingInspector } from '../present/inspector';
import { isAboutMemory } from '../memory-setting';
import { modelPathOf } from '../commands/model-target';
import type { Services } from '../services';
import { RpcPanel } from '../webview/panel';
import { brokenBudgets } from './broken-budgets';
import { HeadStart } from './head-start';
import { inspectorRequests } from './inspector-requests';
import { inspectRequestOf, isVersion, versionOf } from './model-content';
import { panelRequests } from './panel-requests';
import { INSPECTOR_VIEW_TYPE } from './view-types';
import { watchAbove, watchFile } from './watch-file';

const actionCommands: Readonly<Record<InspectorAction, string>> = {
  quantize: 'tinyml.quantize', generate: 'tinyml.generateC', flash: 'tinyml.flash', compare: 'tinyml.compare', compareGit: 'tinyml.compareGit',
};

export function registerInspector(services: Services): vscode.Disposable {
  return vscode.window.registerCustomEditorProvider(INSPECTOR_VIEW_TYPE, new InspectorProvider(services), { supportsMultipleEditorsPerDocument: true });
}

/** Opens models read-only; each editor holds one panel and asks the engine itself. */
class InspectorProvider implements vscode.CustomReadonlyEditorProvider {
  constructor(private readonly services: Services) {}

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => {} };
  }

  resolveCustomEditor(document: vscode.CustomDocument, view: vscode.WebviewPanel): void {
    openInspector(this.services, document.uri, view);
  }
}

function openInspector(services: Services, uri: vscode.Uri, view: vscode.WebviewPanel): void {
  const file = uri.fsPath;
  const owner = `inspector ${uri.toString()}`;
  let asked = false;
  // The page takes a moment to load: the engine begins meanwhile.
  const early: EarlyReport = new HeadStart();
  if (uri.scheme === 'file') void inspectRequestOf(services, uri).then((request) => early.begin(request, (...args) => services.engine.request('inspect', ...args)));
  const panel: RpcPanel<InspectorContract> = new RpcPanel<InspectorContract>(view, 'inspector', services.extensionUri, {
    ...inspectorRequests(services, uri),
    describe: () => describe(services, uri),
    inspect: async (_, context) => {
      const { report, view } = await inspect(services, uri, owner, context, early);
      if (report.model.openExtents.length && !asked && !isVersion(uri)) {
        asked = true;
        // Not awaited: the layers are shown meanwhile, with what is not known marked so.
        void vscode.commands.executeCommand('tinyml.setExtents', uri);
      }
      return view;
    },
    chooseBoard: async ({ id }) => {
      await services.board.choose(id === null ? undefined : services.board.find(id));
      return null;
    },
    run: async ({ action }) => {
      // Not awaited: the command has its own progress and shows its own problems.
      void vscode.commands.executeCommand(actionCommands[action], uri);
      return null;
    },
    selected: async ({ index }) => {
      if (!isVersion(uri)) services.selection.select({ model: modelPathOf(uri), index, from: view });
      return null;
    },
    place: async (place) => {
      services.inspectors.focus(inspector, place);
      return null;
    },
    setBudget: async ({ resource }) => {
      // Not awaited: the command asks, and shows its own problems.
      void vscode.commands.executeCommand('tinyml.setBudget', uri, { resource });
      return null;
    },
    ...panelRequests,
  });
  const inspector = { view, run: (id: InspectorCommand) => panel.notify('command', { id }) };
  panel.own(services.inspectors.add(inspector));
  const reload = (): void => {
    early.drop();
    panel.notify('changed', { what: 'file' });
  };
  panel.own({ dispose: () => early.drop() });
  if (uri.scheme === 'file') {
    panel.own(watchFile(file, reload));
    panel.own(watchAbove(file, PROJECT_FILE, reload));
  }
  panel.own(services.extents.onDidChange((model) => model === modelPathOf(uri) && reload()));
  panel.own(services.board.onDidChange(() => panel.notify('changed', { what: 'facts' })));
  panel.own(services.budgets.onDidChange(() => panel.notify('changed', { what: 'facts' })));
  panel.own(services.selection.onDidChange(({ model, index, from }) => model === modelPathOf(uri) && from !== view && panel.notify('select', { index, follows: from !== undefined })));
  panel.own(vscode.workspace.onDidChangeConfiguration((event) => isAboutMemory(event) && reload()));
  panel.own(vscode.workspace.onDidGrantWorkspaceTrust(() => panel.notify('changed', { what: 'facts' })));
  panel.own({ dispose: () => services.problems.clearDiagnostics(owner) });
}

async function describe(services: Services, uri: vscode.Uri): Promise<InspectorFacts> {
  const format: ModelFormat = path.extname(uri.path).toLowerCase() === '.onnx' ? 'onnx' : 'tflite';
  const stat = uri.scheme === 'file' ? await fs.stat(uri.fsPath).catch(() => undefined) : undefined;
  return {
    name: uri.fragment || path.basename(uri.path),
    format: formatName(format),
    bytes: stat?.size ?? 0,
    boards: services.board.all.map(viewOfBoard),
    boardId: services.board.current?.id ?? null,
    trusted: vscode.workspace.isTrusted,
    ...(isVersion(uri) ? { version: versionOf(uri) } : {}),
    selectedLayer: services.selection.takeFor(modelPathOf(uri)),
  };
}

type EarlyReport = HeadStart<InspectRequest, InspectReport>;

async function inspect(services: Services, uri: vscode.Uri, owner: string, context: RequestContext, early: EarlyReport): Promise<{ report: InspectReport; view: InspectorView }> {
  const board = services.board.current;
  try {
    const request = await inspectRequestOf(services, uri);
    const options: RequestOptions = { signal: context.signal, progress: (p) => context.progress(p) };
    const report: InspectReport = await (early.take(request, options) ?? services.engine.request('inspect', request, options));
    if (uri.scheme === 'file') services.problems.setDiagnostics(owner, report.problems.filter((p) => p.severity !== 'info'), uri.fsPath);
    // Taking the report in, making the view of it in steps and writing that down are turns of their own: of thousands of layers each takes its time.
    await nextTurn();
    // Budgets are judged by the file on disk, not by what git has of it.
    const broken = isVersion(uri) ? [] : brokenBudgets(services, uri, report).map(({ problem }) => problem);
    const steps = presentingInspector({ ...report, problems: [...broken, ...report.problems] }, board, services.budgets.limitsOf(modelPathOf(uri), board?.id));
    for (;;) {
      const { done, value: view } = steps.next();
      await nextTurn();
      if (done) return { report, view };
    }
  } catch (error) {
    if (!isCancelled(error) && uri.scheme === 'file') services.problems.setDiagnostics(owner, [problemOfUnknown(error)], uri.fsPath);
    throw error;
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

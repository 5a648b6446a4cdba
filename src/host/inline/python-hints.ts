import path from 'node:path';
import * as vscode from 'vscode';
import { sourcesOf } from '../../app/data/project-sources';
import type { InspectReport } from '../../engine/cost/report';
import { EXCLUDED } from '../models/model-index';
import { hintText } from '../present/inline';
import { assignLayers, type AssignedCall } from '../python/assign';
import { scanLayers } from '../python/scan';
import type { Services } from '../services';
import type { LayerPlace } from './generated-models';
import { layerHover } from './c-lenses';

/** So many models are tried against a source that names none. */
const MODELS_AT_MOST = 40;
const SOURCES_AT_MOST = 200;

/** Costs beside the constructors of layers, in Keras and PyTorch sources. */
export class PythonHints implements vscode.InlayHintsProvider {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeInlayHints = this.changed.event;

  constructor(private readonly services: Services) {}

  refresh(): void {
    this.changed.fire();
  }

  async provideInlayHints(document: vscode.TextDocument, range: vscode.Range): Promise<vscode.InlayHint[]> {
    if (!vscode.workspace.getConfiguration('tinyml', document.uri).get<boolean>('inlayHints', true)) return [];
    const assigned = await assignedCalls(this.services, document.uri.fsPath, document.getText());
    // Calls inside one another are one line's worth: what costs stands for what is fused into it.
    const byLine = new Map<number, AssignedCall[]>();
    for (const each of assigned) byLine.set(each.call.endLine, [...(byLine.get(each.call.endLine) ?? []), each]);
    return [...byLine].flatMap(([line, calls]) => {
      if (line < range.start.line || line > range.end.line) return [];
      const column = Math.max(...calls.map(({ call }) => call.endColumn));
      const layers = [...new Set(calls.flatMap((each) => each.layers))];
      const { report } = calls[0];
      const hint = new vscode.InlayHint(new vscode.Position(line, column), [this.label(hintText(layers, (layer) => this.services.budgets.ramLimit(report.model.path, layer)), report, layers)]);
      hint.paddingLeft = true;
      return [hint];
    });
  }

  dispose(): void {
    this.changed.dispose();
  }

  private label(text: string, report: InspectReport, layers: AssignedCall['layers']): vscode.InlayHintLabelPart {
    const part = new vscode.InlayHintLabelPart(text);
    if (layers.length) {
      part.tooltip = layerHover(layers[0], report, report.model.path);
      part.command = { title: `Show layer ${layers[0].index}`, command: 'tinyml.showLayer', arguments: [report.model.path, layers[0].index] };
    } else part.tooltip = 'Folded into its neighbour by the exporter or by the code generator: costs nothing by itself.';
    return part;
  }
}

/** Constructors of a source with the layers that they became, in the models of the workspace. */
export async function assignedCalls(services: Services, file: string, text: string): Promise<AssignedCall[]> {
  const calls = scanLayers(text);
  if (!calls.some(({ constructor }) => !constructor.folds)) return [];
  const files = (await services.models.files()).map((uri) => uri.fsPath);
  const declared = new Set(await sourcesOf(files, file));
  const isNamed = (model: string): boolean => declared.has(model) || text.includes(path.basename(model));
  const near = (model: string): number => path.relative(path.dirname(file), model).split(path.sep).length;
  const tried = [...files].sort((a, b) => Number(isNamed(b)) - Number(isNamed(a)) || near(a) - near(b)).slice(0, MODELS_AT_MOST);
  const reports = (await Promise.all(tried.map((model) => services.models.reportIfReadable(model)))).filter((report) => report !== undefined);
  return assignLayers(calls, reports, ({ model }) => isNamed(model.path));
}

/** Lines of Python that make a layer. */
export async function pythonLinesOfLayer(services: Services, model: string, index: number): Promise<LayerPlace[]> {
  const places: LayerPlace[] = [];
  for (const uri of await vscode.workspace.findFiles('**/*.py', EXCLUDED, SOURCES_AT_MOST)) {
    const text = Buffer.from(await vscode.workspace.fs.readFile(uri)).toString('utf8');
    const calls = await assignedCalls(services, uri.fsPath, text);
    places.push(...calls.filter(({ report, layers }) => report.model.path === model && layers.some((layer) => layer.index === index)).map(({ call }) => ({ uri, line: call.line })));
  }
  return places;
}

import * as vscode from 'vscode';
import type { LayerReport } from '../../engine/cost/report';
import { lensParts, layerTable } from '../present/inline';
import type { Services } from '../services';
import { modelOfSource, type SourceOfModel } from './generated-models';

/** Figures above each layer's call in generated C, and all of them in its hover. */
export class GeneratedLenses implements vscode.CodeLensProvider, vscode.HoverProvider {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(private readonly services: Services) {}

  refresh(): void {
    this.changed.fire();
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const found = await modelOfSource(this.services, document.uri.fsPath, document.getText());
    if (!found) return [];
    if (!found.report || !found.model || found.isStale) return [staleLens(found)];
    const { report, model } = found;
    return found.source.layers.flatMap(({ index, firstLine }) => {
      const layer = report.layers[index];
      if (!layer) return [];
      const range = new vscode.Range(firstLine, 0, firstLine, 0);
      const show: vscode.Command = { title: `Show layer ${index}`, command: 'tinyml.showLayer', arguments: [model, index] };
      const figures = lensParts(layer, this.limit(model, layer)).map((title) => ({ title, command: '' }));
      return [...figures, show].map((command) => new vscode.CodeLens(range, command));
    });
  }

  async provideHover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    const found = await modelOfSource(this.services, document.uri.fsPath, document.getText());
    if (!found?.report || !found.model || found.isStale) return undefined;
    const place = found.source.layers.find(({ commentLine, lastLine }) => position.line >= commentLine && position.line <= lastLine);
    const layer = place && found.report.layers[place.index];
    return layer && new vscode.Hover(layerHover(layer, found.report, found.model), new vscode.Range(place.firstLine, 0, place.lastLine, Number.MAX_SAFE_INTEGER));
  }

  dispose(): void {
    this.changed.dispose();
  }

  private limit(model: string, layer: LayerReport): number | undefined {
    return this.services.budgets.ramLimit(model, layer);
  }
}

function staleLens({ source, model }: SourceOfModel): vscode.CodeLens {
  const range = new vscode.Range(0, 0, 0, 0);
  if (!model) return new vscode.CodeLens(range, { title: `$(question) ${source.from} is not in this workspace: no figures`, command: '' });
  return new vscode.CodeLens(range, { title: `$(warning) ${source.from} has changed since this was generated: generate again`, command: 'tinyml.generateC', arguments: [vscode.Uri.file(model)] });
}

/** A layer's figures with links to its row in the inspector, its C line and its line of Python. */
export function layerHover(layer: LayerReport, report: Parameters<typeof layerTable>[1], model: string): vscode.MarkdownString {
  const text = new vscode.MarkdownString(layerTable(layer, report), true);
  text.isTrusted = { enabledCommands: ['tinyml.showLayer', 'tinyml.goToLayerCode', 'tinyml.goToLayerSource'] };
  const args = encodeURIComponent(JSON.stringify([model, layer.index]));
  text.appendMarkdown(`\n\n[Show layer ${layer.index}](command:tinyml.showLayer?${args}) · [Go to C line](command:tinyml.goToLayerCode?${args}) · [Go to Python line](command:tinyml.goToLayerSource?${args})`);
  return text;
}

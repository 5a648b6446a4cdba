import path from 'node:path';
import * as vscode from 'vscode';
import type { Services } from '../services';
import { escaped } from '../present/inline';
import { summaryOf, type ModelSummary } from './model-summary';

interface ModelNode {
  readonly kind: 'model';
  readonly uri: vscode.Uri;
  readonly summary?: ModelSummary;
}
interface FactNode {
  readonly kind: 'fact';
  readonly fact: ModelSummary['facts'][number];
}
type Node = ModelNode | FactNode;

const icons: Readonly<Record<ModelSummary['state'], readonly [icon: string, color?: string]>> = {
  over: ['error', 'list.errorForeground'], near: ['warning', 'list.warningForeground'], kept: ['check'], unknown: ['question'], plain: ['circuit-board'],
};

/** Every model of the workspace with its totals. */
export class ModelsView implements vscode.TreeDataProvider<Node> {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly services: Services) {}

  refresh(): void {
    this.changed.fire();
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node?.kind === 'model') return (node.summary?.facts ?? []).map((fact) => ({ kind: 'fact', fact }));
    if (node) return [];
    return Promise.all((await this.services.models.files()).map(async (uri): Promise<ModelNode> => ({ kind: 'model', uri, summary: await modelSummary(this.services, uri.fsPath) })));
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if (node.kind === 'fact') {
      const item = new vscode.TreeItem(node.fact.label);
      item.description = `${node.fact.value} · ${node.fact.basis}`;
      if (node.fact.over) item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
      return item;
    }
    const { uri, summary } = node;
    const item = new vscode.TreeItem(path.basename(uri.path), vscode.TreeItemCollapsibleState.Collapsed);
    item.id = uri.toString();
    item.contextValue = 'tinyml.model';
    // No `resourceUri`: its decoration would stand beside an icon that says the same.
    item.command = { command: 'tinyml.openModel', title: 'Open Model in Inspector', arguments: [uri] };
    item.description = summary?.description ?? 'cannot be read';
    const [icon, color] = icons[summary?.state ?? 'unknown'];
    item.iconPath = new vscode.ThemeIcon(icon, color ? new vscode.ThemeColor(color) : undefined);
    item.tooltip = new vscode.MarkdownString([`**${escaped(vscode.workspace.asRelativePath(uri))}**`, ...(summary?.reasons ?? []).map(escaped)].join('\n\n'));
    item.accessibilityInformation = { label: `${path.basename(uri.path)}, ${item.description}${summary?.state === 'over' ? ', over its limit' : ''}` };
    return item;
  }

  dispose(): void {
    this.changed.dispose();
  }
}

/** What the views say of a model; undefined where it cannot be read. */
export async function modelSummary(services: Services, file: string): Promise<ModelSummary | undefined> {
  const report = await services.models.reportIfReadable(file);
  return report && summaryOf(report, services.board.current, services.budgets.verdictsOf(file));
}

import * as vscode from 'vscode';
import { portBroker } from '../../app/port-broker';
import { PortWatch } from '../../device/transports/port-watch';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { Services } from '../services';
import { boardNodes, portsMessage, type BoardNode } from './board-nodes';

/** Boards that are plugged in, and those that need no hardware. Ports are looked at only while the view is open. */
export class BoardsView implements vscode.TreeDataProvider<BoardNode>, Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<void>());
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<BoardNode>;
  private readonly watch = this.store.add(new PortWatch());

  constructor(private readonly services: Services) {
    this.view = this.store.add(vscode.window.createTreeView('tinyml.boards', { treeDataProvider: this }));
    const refresh = (): void => this.changed.fire();
    this.store.add(this.view.onDidChangeVisibility(() => this.follow()));
    this.store.add(this.watch.onDidFail((error) => services.log.write('warning', `Serial ports could not be listed: ${String(error)}`)));
    this.store.add(this.watch.onDidChange(() => (this.explain(), refresh())));
    this.store.add(services.board.onDidChange(refresh));
    this.store.add(services.runs.onDidChangeState(refresh));
    this.store.add(portBroker.onDidChangeOwner(refresh));
    this.store.add(vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('tinyml.ports') && refresh()));
    this.follow();
  }

  getTreeItem(node: BoardNode): vscode.TreeItem {
    const state = !node.children?.length ? vscode.TreeItemCollapsibleState.None : node.isOpen ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed;
    const item = new vscode.TreeItem(node.label, state);
    item.id = node.id;
    item.description = node.description;
    item.tooltip = node.tooltip;
    if (node.icon) item.iconPath = new vscode.ThemeIcon(node.icon);
    item.contextValue = node.portPath ? 'tinyml.port' : node.boardId ? 'tinyml.board' : undefined;
    return item;
  }

  getChildren(node?: BoardNode): BoardNode[] {
    if (node) return [...(node.children ?? [])];
    const { board, runs } = this.services;
    return boardNodes({
      ports: this.watch.ports,
      manualPorts: vscode.workspace.getConfiguration('tinyml').get<readonly string[]>('ports', []),
      boards: board.all,
      ownerOf: (path) => portBroker.ownerOf(path),
      run: runs.state,
      runPort: runs.lastRequest?.request.portPath,
      chosen: board.current?.id,
    });
  }

  dispose(): void {
    this.store.dispose();
  }

  private follow(): void {
    if (!this.view.visible) return this.watch.stop();
    this.explain();
    this.watch.start();
  }

  private explain(): void {
    this.view.message = portsMessage(this.watch.ports, vscode.env.remoteName);
  }
}

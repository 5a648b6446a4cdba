import * as vscode from 'vscode';
import { portBroker } from '../../app/port-broker';
import type { PortInfo } from '../../device/transports/list-ports';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { Services } from '../services';
import { boardNodes, portsMessage, type BoardNode } from './board-nodes';

/** Listing ports asks the system for a few directory entries; nobody sees a plug within less. */
const POLL_MS = 2000;

/** Boards that are plugged in, and those that need no hardware. Ports are looked at only while the view is open. */
export class BoardsView implements vscode.TreeDataProvider<BoardNode>, Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<void>());
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<BoardNode>;
  private ports: readonly PortInfo[] | undefined = [];
  private timer: NodeJS.Timeout | undefined;
  private loggedFailure = false;

  constructor(private readonly services: Services) {
    this.view = this.store.add(vscode.window.createTreeView('tinyml.boards', { treeDataProvider: this }));
    const refresh = (): void => this.changed.fire();
    this.store.add(this.view.onDidChangeVisibility(() => this.poll()));
    this.store.add(services.board.onDidChange(refresh));
    this.store.add(services.runs.onDidChangeState(refresh));
    this.store.add(portBroker.onDidChangeOwner(refresh));
    this.store.add(vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('tinyml.ports') && refresh()));
    this.poll();
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
      ports: this.ports,
      manualPorts: vscode.workspace.getConfiguration('tinyml').get<readonly string[]>('ports', []),
      boards: board.all,
      ownerOf: (path) => portBroker.ownerOf(path),
      run: runs.state,
      runPort: runs.lastRequest?.request.portPath,
      chosen: board.current?.id,
    });
  }

  /** Looks again at once. */
  async refresh(): Promise<void> {
    const before = JSON.stringify(this.ports);
    try {
      // The serial driver is native: it is loaded when ports are first looked at.
      this.ports = await (await import('../../device/transports/list-ports')).listPorts();
    } catch (error) {
      this.ports = undefined;
      if (!this.loggedFailure) this.services.log.write('warning', `Serial ports could not be listed: ${String(error)}`);
      this.loggedFailure = true;
    }
    this.view.message = portsMessage(this.ports, vscode.env.remoteName);
    if (JSON.stringify(this.ports) !== before) this.changed.fire();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.store.dispose();
  }

  private poll(): void {
    clearTimeout(this.timer);
    if (!this.view.visible) return;
    void this.refresh().finally(() => {
      if (this.view.visible) this.timer = setTimeout(() => this.poll(), POLL_MS);
    });
  }
}

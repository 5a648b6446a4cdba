import type * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable';

/** Comparisons that are open: commands are about the one in front. */
export class Comparisons {
  private readonly open = new Map<vscode.WebviewPanel, (by: 1 | -1) => void>();

  add(view: vscode.WebviewPanel, step: (by: 1 | -1) => void): Disposable {
    this.open.set(view, step);
    return { dispose: () => void this.open.delete(view) };
  }

  /** To the next layer that differs, or the one before; false where no comparison is in front. */
  step(by: 1 | -1): boolean {
    const [front] = [...this.open].filter(([view]) => view.active);
    front?.[1](by);
    return front !== undefined;
  }
}

import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable';
import { INSPECTOR_VIEW_TYPE } from './view-types';

/** One inspector on the screen, as commands and other views see it. */
export interface OpenInspector {
  readonly uri: vscode.Uri;
  /** Selects a layer, and shows it in detail where asked to. */
  select(index: number, detail: boolean): void;
}

/** The inspectors that are open: one selection for table, map, graph, detail and whoever else asks. */
export class OpenInspectors {
  private readonly open = new Set<OpenInspector>();
  /** Selections for inspectors that are still loading. */
  private readonly waiting = new Map<string, { readonly index: number; readonly detail: boolean }>();

  add(inspector: OpenInspector): Disposable {
    this.open.add(inspector);
    return { dispose: () => void this.open.delete(inspector) };
  }

  /** To be called by an inspector when its layers are there. */
  ready(inspector: OpenInspector): void {
    const key = inspector.uri.toString();
    const wanted = this.waiting.get(key);
    this.waiting.delete(key);
    if (wanted) inspector.select(wanted.index, wanted.detail);
  }

  /** Opens the model where it is not, and selects a layer in it. */
  async show(uri: vscode.Uri, index: number, detail: boolean): Promise<void> {
    const known = [...this.open].filter((inspector) => inspector.uri.toString() === uri.toString());
    if (!known.length) this.waiting.set(uri.toString(), { index, detail });
    await vscode.commands.executeCommand('vscode.openWith', uri, INSPECTOR_VIEW_TYPE);
    for (const inspector of known) inspector.select(index, detail);
  }
}

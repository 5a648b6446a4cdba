import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable';
import type { InspectorCommand, InspectorPlace } from '../../messages/inspector';

interface OpenInspector {
  readonly view: vscode.WebviewPanel;
  run(id: InspectorCommand): void;
}

/** Which inspector the user is in, and where in it: `when` clauses of its keys read the contexts that are set here. */
export class Inspectors {
  /** With what each page said last: where its focus is. */
  private readonly open = new Map<OpenInspector, InspectorPlace | null>();
  private focused: OpenInspector | undefined;

  add(inspector: OpenInspector): Disposable {
    this.open.set(inspector, null);
    // A page that is put behind another tab is not always told that its focus has gone: its keys would be taken from the text in front.
    const watch = inspector.view.onDidChangeViewState(() => this.settle(inspector));
    return {
      dispose: () => {
        watch.dispose();
        this.open.delete(inspector);
        this.leave(inspector);
      },
    };
  }

  /** The page of an inspector has the focus, or has lost it. */
  focus(inspector: OpenInspector, place: InspectorPlace | null): void {
    this.open.set(inspector, place);
    this.settle(inspector);
  }

  /** In the inspector that has the focus, else the one in front. */
  run(id: InspectorCommand): void {
    (this.focused ?? [...this.open.keys()].find(({ view }) => view.active))?.run(id);
  }

  /** Keys are an inspector's only while it is the active editor, and its page has the focus. */
  private settle(inspector: OpenInspector): void {
    const place = this.open.get(inspector);
    if (!place || !inspector.view.active) return this.leave(inspector);
    this.focused = inspector;
    setContexts(place);
  }

  private leave(inspector: OpenInspector): void {
    if (this.focused !== inspector) return;
    this.focused = undefined;
    setContexts({ view: '', typing: false });
  }
}

function setContexts({ view, typing }: { readonly view: string; readonly typing: boolean }): void {
  void vscode.commands.executeCommand('setContext', 'tinyml.inspectorView', view);
  void vscode.commands.executeCommand('setContext', 'tinyml.inspectorTyping', typing);
}

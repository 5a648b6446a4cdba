import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable';
import type { InspectorCommand, InspectorPlace } from '../../messages/inspector';

interface OpenInspector {
  readonly view: vscode.WebviewPanel;
  run(id: InspectorCommand): void;
}

/** Which inspector the user is in, and where in it: `when` clauses of its keys read the contexts that are set here. */
export class Inspectors {
  private readonly open = new Set<OpenInspector>();
  private focused: OpenInspector | undefined;

  add(inspector: OpenInspector): Disposable {
    this.open.add(inspector);
    return {
      dispose: () => {
        this.open.delete(inspector);
        this.leave(inspector);
      },
    };
  }

  /** The page of an inspector has the focus, or has lost it. */
  focus(inspector: OpenInspector, place: InspectorPlace | null): void {
    if (!place) return this.leave(inspector);
    this.focused = inspector;
    setContexts(place);
  }

  /** In the inspector that has the focus, else the one in front. */
  run(id: InspectorCommand): void {
    (this.focused ?? [...this.open].find(({ view }) => view.active))?.run(id);
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

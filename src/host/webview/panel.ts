import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { RpcServer, type Handlers, type RpcContract, type RpcPort } from '../../base/rpc';

/** Bundles that build.mjs makes of `webview/<name>/main.tsx`. */
export type PanelName = 'inspector' | 'compare' | 'device' | 'verify' | 'report';

/** A webview that runs one of our bundles and speaks one contract. Everything it owns ends with the editor's panel. */
export class RpcPanel<C extends RpcContract> implements Disposable {
  private readonly store = new DisposableStore();
  private readonly server: RpcServer<C>;

  constructor(readonly view: vscode.WebviewPanel, name: PanelName, extensionUri: vscode.Uri, handlers: Handlers<C>) {
    const root = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
    this.server = this.store.add(new RpcServer<C>(portOf(view.webview), handlers));
    this.store.add(view.onDidDispose(() => this.dispose()));
    view.webview.options = { enableScripts: true, localResourceRoots: [root] };
    view.webview.html = htmlOf(name, view.webview, root);
  }

  notify<M extends keyof C['notices'] & string>(method: M, params: C['notices'][M]): void {
    this.server.notify(method, params);
  }

  /** Ends `item` together with this panel. */
  own<T extends Disposable>(item: T): T {
    return this.store.add(item);
  }

  dispose(): void {
    this.store.dispose();
  }
}

const portOf = (webview: vscode.Webview): RpcPort => ({
  // A reply to a panel that was closed meanwhile has no reader left.
  send: (message) => void Promise.resolve(webview.postMessage(message)).catch(() => false),
  onMessage: (listener) => webview.onDidReceiveMessage(listener),
});

/**
 * Nothing from the network, no inline script: only our bundle, by nonce (which a module hands on to what it imports), and our own
 * files. The toolkit reads the nonce from the meta element for the one style element it makes.
 */
function htmlOf(name: PanelName, webview: vscode.Webview, root: vscode.Uri): string {
  const nonce = randomBytes(16).toString('base64');
  const uri = (file: string): string => webview.asWebviewUri(vscode.Uri.joinPath(root, file)).toString();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `font-src ${webview.cspSource}`,
    // blob: pictures that the page itself draws for export.
    `img-src ${webview.cspSource} blob:`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>TinyML ${name}</title>
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${nonce}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${uri(`${name}.css`)}">
</head>
<body data-view="${name}"><div id="root"></div><script type="module" nonce="${nonce}" src="${uri(`${name}.js`)}"></script></body>
</html>`;
}

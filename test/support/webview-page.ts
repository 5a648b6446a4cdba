/** One of our webviews in a plain browser page: the real bundle and the real engine, without VS Code around them. */
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { RpcServer, type Handlers, type RpcContract } from '../../src/base/rpc';
import { startBrowser, type Browser } from './browser';
import { root } from './project';
import themes from './themes.json';

export type Theme = keyof typeof themes;
export const allThemes = Object.keys(themes) as readonly Theme[];

/** The colours and fonts that VS Code gives its webviews, as its own themes have them. */
function styleOf(theme: Theme): string {
  return Object.entries(themes[theme].variables).map(([name, value]) => `${name}: ${value}`).join('; ');
}

export interface ViewPage<C extends RpcContract> {
  readonly page: Page;
  notify<M extends keyof C['notices'] & string>(method: M, params: C['notices'][M]): void;
  useTheme(theme: Theme): Promise<void>;
  /** Loads the page again with the state that it has kept. */
  reload(): Promise<void>;
  /** What the page has kept for its next load. */
  kept(): unknown;
  close(): Promise<void>;
}

/** Opens `dist/webview/<name>` with `handlers` in the host's place. */
export async function openView<C extends RpcContract>(name: string, handlers: Handlers<C>, browser: Browser, size = { width: 1300, height: 850 }): Promise<ViewPage<C>> {
  const page = await browser.newPage();
  await page.setViewportSize(size);
  let receive: (message: unknown) => void = () => {};
  const server = new RpcServer<C>(
    {
      // As text: of large messages the browser's driver would take apart every number by itself.
      send: (message) => void page.evaluate((text) => (globalThis as unknown as { postMessage(m: unknown, to: string): void }).postMessage(JSON.parse(text), '*'), JSON.stringify(message)).catch(() => {}),
      onMessage: (listener) => {
        receive = listener;
        return { dispose: () => {} };
      },
    },
    handlers,
  );
  let state: unknown;
  let theme: Theme = 'dark';
  await page.exposeFunction('hostReceive', (message: unknown) => receive(message));
  await page.exposeFunction('hostState', (next: unknown) => void (state = next));
  await page.exposeFunction('hostKey', (key: string, place: { view: string; typing: boolean }) => {
    for (const notice of noticesOf(name, key, place)) server.notify(notice.method, notice.params as C['notices'][string]);
  });
  const folder = path.join(root, 'dist', 'webview');
  await page.route('http://view.test/**', (route) => {
    const file = path.join(folder, path.basename(new URL(route.request().url()).pathname));
    if (file.endsWith('page.html')) return route.fulfill({ contentType: 'text/html', body: html(name, theme, state) });
    return fs.existsSync(file) ? route.fulfill({ path: file }) : route.abort();
  });
  const reload = async (): Promise<void> => void (await page.goto('http://view.test/page.html'));
  await reload();
  return {
    page,
    notify: (method, params) => server.notify(method, params),
    useTheme: async (next) => {
      theme = next;
      await page.evaluate(([style, className]) => {
        const { document } = globalThis as unknown as { document: { documentElement: { setAttribute(n: string, v: string): void }; body: { className: string } } };
        document.documentElement.setAttribute('style', style);
        document.body.className = className;
      }, [styleOf(next), themes[next].className]);
    },
    reload,
    kept: () => state,
    close: async () => {
      server.dispose();
      await page.close();
    },
  };
}

export { startBrowser, type Browser };

/** Keys of the page go to the editor's key bindings as VS Code forwards them from a webview. */
const FORWARD_KEYS = `
  addEventListener('keydown', ({ key, ctrlKey, shiftKey, altKey }) => {
    const name = [ctrlKey && 'ctrl', shiftKey && 'shift', altKey && 'alt', key === '+' ? '=' : key.toLowerCase()].filter(Boolean).join('+');
    const active = document.activeElement;
    hostKey(name, { view: document.querySelector('.detail') ? 'detail' : document.querySelector('.graph-tab') ? 'graph' : 'layers', typing: active instanceof HTMLInputElement || active?.localName === 'vscode-text-field' });
  }, true);`;

interface Binding {
  readonly command: string;
  readonly key: string;
  readonly when: string;
}
const { keybindings } = (JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as { contributes: { keybindings: readonly Binding[] } }).contributes;

/** What the host tells a page for a key, after the manifest's bindings and their `when` clauses. */
function noticesOf(name: string, key: string, { view, typing }: { readonly view: string; readonly typing: boolean }): readonly { readonly method: string; readonly params: unknown }[] {
  const context: Readonly<Record<string, string | boolean>> = { 'tinyml.inspectorView': name === 'inspector' ? view : '', 'tinyml.inspectorTyping': typing, activeWebviewPanelId: `tinyml.${name}` };
  const holds = (term: string): boolean => {
    const [, not, variable, wanted] = /^(!?)([\w.]+)(?: == '([^']*)')?$/.exec(term.trim()) ?? [];
    return (wanted === undefined ? Boolean(context[variable]) : context[variable] === wanted) !== (not === '!');
  };
  const matching = keybindings.filter((binding) => binding.key === key && binding.when.split('||').some((all) => all.split('&&').every(holds)));
  return matching.flatMap(({ command }): { method: string; params: unknown }[] => {
    if (command.startsWith('tinyml.inspector.')) return [{ method: 'command', params: { id: command.slice('tinyml.inspector.'.length) } }];
    return name === 'compare' && /Difference$/.test(command) ? [{ method: 'step', params: { by: command.includes('next') ? 1 : -1 } }] : [];
  });
}

const html = (name: string, theme: Theme, state: unknown): string => `<!DOCTYPE html>
<html lang="en" style="${styleOf(theme).replace(/"/g, '&quot;')}">
<head><meta charset="utf-8"><title>${name}</title><link rel="stylesheet" href="${name}.css"></head>
<body class="${themes[theme].className}" data-view="${name}"><div id="root"></div>
<script>
  ${FORWARD_KEYS}
  const kept = ${JSON.stringify(state ?? null)};
  globalThis.acquireVsCodeApi = () => ({ postMessage: (m) => hostReceive(m), getState: () => kept ?? undefined, setState: (s) => hostState(s) });
</script>
<script type="module" src="${name}.js"></script></body></html>`;

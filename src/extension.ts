import type * as vscode from 'vscode';
import { createApi, type TinymlApi } from './host/api';
import { registerCommands } from './host/commands/register';
import { restoreComparisons } from './host/editors/compare-panel';
import { registerInspector } from './host/editors/inspector-provider';
import { registerInline } from './host/inline/register';
import { createServices } from './host/services';

/** Composition root. Loads no native module and reads no model: that waits for the first request. */
export function activate(context: vscode.ExtensionContext): TinymlApi {
  const services = createServices(context);
  context.subscriptions.push(services, registerInspector(services), registerInline(services), restoreComparisons(services), ...registerCommands(services));
  return createApi(services.engine);
}

/** Subscriptions end the engine, a running board and every panel. */
export function deactivate(): void {}

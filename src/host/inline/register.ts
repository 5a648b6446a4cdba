import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { BudgetActions } from '../budgets/budget-actions';
import { BudgetCompletions } from '../budgets/budget-completions';
import { BudgetHover } from '../budgets/budget-hover';
import type { Services } from '../services';
import { BoardsView } from '../views/boards-view';
import { ModelDecorations } from '../views/model-decorations';
import { ModelsView } from '../views/models-view';
import { GeneratedLenses } from './c-lenses';
import { C_SOURCES, FloatCastWatch } from './float-cast-watch';
import { LayerHighlight } from './layer-highlight';
import { PythonHints } from './python-hints';

/** Everything that shows costs where people work: lenses, hints, hovers, fixes, decorations and tree views. */
export function registerInline(services: Services): Disposable {
  const store = new DisposableStore();
  const project: vscode.DocumentFilter[] = [{ pattern: '**/tinyml.json', scheme: 'file' }];
  const generated: vscode.DocumentFilter[] = [{ pattern: '**/*.c', scheme: 'file' }];
  const python: vscode.DocumentFilter[] = [{ pattern: '**/*.py', scheme: 'file' }];
  const quickFixes = { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] };
  store.add(vscode.languages.registerCodeActionsProvider(project, new BudgetActions(services), quickFixes));
  store.add(vscode.languages.registerHoverProvider(project, new BudgetHover(services)));
  store.add(vscode.languages.registerCompletionItemProvider(project, new BudgetCompletions(services), '"'));
  const lenses = store.add(new GeneratedLenses(services));
  store.add(vscode.languages.registerCodeLensProvider(generated, lenses));
  store.add(vscode.languages.registerHoverProvider(generated, lenses));
  store.add(new LayerHighlight(services));
  const hints = store.add(new PythonHints(services));
  store.add(vscode.languages.registerInlayHintsProvider(python, hints));
  const casts = store.add(new FloatCastWatch());
  store.add(vscode.languages.registerCodeActionsProvider(C_SOURCES, casts, quickFixes));
  store.add(vscode.languages.registerHoverProvider(C_SOURCES, casts));
  const models = store.add(new ModelsView(services));
  store.add(vscode.window.registerTreeDataProvider('tinyml.models', models));
  const decorations = store.add(new ModelDecorations(services));
  store.add(vscode.window.registerFileDecorationProvider(decorations));
  store.add(new BoardsView(services));
  const refresh = (): void => [lenses, hints, models, decorations].forEach((view) => view.refresh());
  store.add(services.models.onDidChange(refresh));
  store.add(services.budgets.onDidChange(refresh));
  store.add(vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('tinyml.inlayHints') && hints.refresh()));
  return store;
}

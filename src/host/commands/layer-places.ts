import * as vscode from 'vscode';
import { linesOfLayer, type LayerPlace } from '../inline/generated-models';
import { pythonLinesOfLayer } from '../inline/python-hints';
import { layerNotFound } from '../problems';
import { ProblemError } from '../../base/problem';
import type { Services } from '../services';
import { openModel } from './open-model';

/** Opens the inspector of a model at one of its layers. */
export async function showLayer(services: Services, model: string, index: number): Promise<void> {
  services.selection.select({ model, index });
  await openModel(services, vscode.Uri.file(model));
}

/** The line of generated C that runs a layer. */
export async function goToLayerCode(services: Services, model: string, index: number): Promise<void> {
  await goTo(await linesOfLayer(services, model, index), `Generated C for layer ${index}`, () => layerNotFound('generated C', model, index));
}

/** The line of Python that makes a layer. */
export async function goToLayerSource(services: Services, model: string, index: number): Promise<void> {
  await goTo(await pythonLinesOfLayer(services, model, index), `Python for layer ${index}`, () => layerNotFound('Python', model, index));
}

async function goTo(places: readonly LayerPlace[], title: string, notFound: () => ReturnType<typeof layerNotFound>): Promise<void> {
  if (!places.length) throw new ProblemError(notFound());
  const items = places.map((place) => ({ label: `${vscode.workspace.asRelativePath(place.uri)}:${place.line + 1}`, place }));
  const picked = items.length === 1 ? items[0] : await vscode.window.showQuickPick(items, { title });
  if (!picked) return;
  const { uri, line } = picked.place;
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(line, 0, line, 0) });
}

import * as vscode from 'vscode';
import type { RunSummary } from '../../app/run-contract';
import type { Services } from '../services';
import { flash, type FlashOptions } from './flash';

/** Flashes the model and feeds it with a file that the user chooses: a data set, sound, an image, or a table. */
export async function feed(services: Services, target?: unknown, options: FlashOptions = {}): Promise<RunSummary | undefined> {
  const data = options.data ?? (await askData());
  return data === undefined ? undefined : flash(services, target, { ...options, data });
}

async function askData(): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({ title: 'What to feed the board with', filters: { 'Data sets, sound, images, tables': ['npz', 'npy', 'csv', 'wav', 'png', 'jpg', 'jpeg', 'bmp', 'pgm', 'ppm'] } });
  return chosen?.[0]?.fsPath;
}

import path from 'node:path';
import * as vscode from 'vscode';
import type { Services } from '../services';
import { withTask } from '../ui/progress';
import { givenUri } from './model-target';
import { pickPort } from './pick-port';

/** Speeds that sketches use, the usual one first. */
const SPEEDS = [115_200, 9600, 19_200, 38_400, 57_600, 230_400, 460_800, 921_600, 1_000_000, 2_000_000];

export interface MonitorCommandOptions {
  readonly port?: string;
  readonly baud?: number;
}

/** Listens to a board that runs already: its text, its series, and with a model its predictions. */
export async function monitor(services: Services, target?: unknown, options: MonitorCommandOptions = {}): Promise<string | undefined> {
  const portPath = options.port ?? (await pickPort(undefined, services.log));
  const baud = options.baud ?? (options.port === undefined ? await pickSpeed() : SPEEDS[0]);
  if (baud === undefined) return undefined;
  const model = givenUri(target)?.fsPath;
  return withTask(`Listening to ${path.basename(portPath)}`, services.log, async (task) => {
    const identity = model === undefined ? undefined : await services.engine.request('identify', { path: model, bindings: services.extents.of(model) }, { signal: task.signal });
    await services.monitors.start({ portPath, baud, path: model, model: identity }, task);
    return portPath;
  });
}

async function pickSpeed(): Promise<number | undefined> {
  const items = SPEEDS.map((speed, i) => ({ label: String(speed), description: i === 0 ? 'what our firmware uses' : '', speed }));
  return (await vscode.window.showQuickPick(items, { title: 'Speed of the port', placeHolder: 'Bits a second' }))?.speed;
}

/** Stops listening to a port; asked which, where there are several. */
export async function stopMonitor(services: Services, portPath?: string): Promise<void> {
  const { ports } = services.monitors;
  const chosen = portPath ?? (ports.length > 1 ? await vscode.window.showQuickPick([...ports], { title: 'Stop listening to…' }) : ports[0]);
  if (chosen !== undefined) await services.monitors.stop(chosen);
}

import * as vscode from 'vscode';
import type { RunSummary } from '../../app/run-contract';
import { sensorProblems } from '../../app/sensor/problems';
import { ProblemError } from '../../base/problem';
import { formatCount } from '../../base/units';
import type { BoardSensor } from '../../device/boards/board';
import type { Services } from '../services';
import { flash, type FlashOptions } from './flash';
import { targetOnBoard } from './target-on-board';

/** Flashes firmware that feeds the model with a sensor of the board; what is not given is asked. Boards without sensors play a file in their place. */
export async function sense(services: Services, target?: unknown, options: FlashOptions = {}): Promise<RunSummary | undefined> {
  const chosen = await targetOnBoard(services, target, options, 'Feed by a sensor of');
  if (!chosen) return undefined;
  const { model, board, portPath } = chosen;
  const sensors = board.sensors ?? [];
  if (!sensors.length) throw new ProblemError(sensorProblems.unknown(board.name, options.sensor?.id ?? '', []));
  const sensor = options.sensor ? sensors.find(({ id }) => id === options.sensor!.id) : await askSensor(sensors);
  if (!sensor) return undefined;
  const data = options.data ?? (sensor.driver === 'played' ? await askPlayed(sensor) : undefined);
  if (sensor.driver === 'played' && data === undefined) return undefined;
  return flash(services, vscode.Uri.file(model), { ...options, board: board.id, port: portPath, data, sensor: { ...options.sensor, id: sensor.id } });
}

async function askSensor(sensors: readonly BoardSensor[]): Promise<BoardSensor | undefined> {
  const items = sensors.map((sensor) => ({ label: sensor.id, description: `${sensor.chip || 'a file, played in its place'} · ${formatCount(sensor.rateHz.value)} Hz${sensor.unit ? ` · ${sensor.unit}` : ''}`, sensor }));
  return (await vscode.window.showQuickPick(items, { title: 'Sensor that feeds the model' }))?.sensor;
}

async function askPlayed({ kind }: BoardSensor): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({ title: `What to play in place of the ${kind}`, filters: { 'Recordings': ['wav', 'csv', 'npz', 'npy'] } });
  return chosen?.[0]?.fsPath;
}

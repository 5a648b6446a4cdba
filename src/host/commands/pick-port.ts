import * as vscode from 'vscode';
import { CancelledError } from '../../base/cancel';
import type { Log } from '../../base/log';
import type { Board } from '../../device/boards/board';
import { listPorts, type PortInfo } from '../../device/transports/list-ports';

/** Asks for the serial port of a board: those the system lists (the board's own USB ids first), those of the settings, or a typed path. */
export async function pickPort(board: Board | undefined, log: Log): Promise<string> {
  const listed = await listPorts().catch((error: unknown) => {
    log.write('warning', `Serial ports could not be listed: ${String(error)}`);
    return [];
  });
  const extra = vscode.workspace.getConfiguration('tinyml').get<readonly string[]>('ports', []);
  const isBoard = (port: PortInfo): boolean => board?.usb?.some((id) => id.vendorId === port.vendorId && id.productId === port.productId) ?? false;
  const typed = { label: '$(edit) Type a path…', description: '', path: undefined };
  const items = [
    ...[...listed].sort((a, b) => Number(isBoard(b)) - Number(isBoard(a))).map((port) => ({
      label: port.path,
      description: [isBoard(port) ? board?.name : undefined, port.manufacturer].filter(Boolean).join(' · '),
      path: port.path,
    })),
    ...extra.map((path) => ({ label: path, description: 'from the settings', path })),
    typed,
  ];
  const picked = await vscode.window.showQuickPick(items, { title: board ? `Port of the ${board.name}` : 'Port to listen to', placeHolder: `${listed.length} ports found` });
  const path = picked === typed ? await vscode.window.showInputBox({ title: 'Serial port', prompt: 'Path or name, e.g. /dev/ttyACM0 or COM3' }) : picked?.path;
  if (!path) throw new CancelledError();
  return path;
}

import path from 'node:path';
import * as vscode from 'vscode';
import type { FlashImageReport } from '../../app/flash-image-contract';
import { flashImage } from '../../app/flash-image';
import { CancelledError } from '../../base/cancel';
import { formatCount } from '../../base/units';
import type { Board } from '../../device/boards/board';
import { boardById } from '../../app/find-board';
import type { ByteLink } from '../../device/transports/link';
import type { Services } from '../services';
import { toolEnvironment } from '../tool-environment';
import { withTask } from '../ui/progress';
import { pickBoard } from './choose-board';
import { givenUri } from './model-target';
import { pickPort } from './pick-port';

/** What the firmware says in its first seconds goes to the output channel; then the port is free again. */
const LISTEN_MS = 3000;

export interface FlashImageOptions {
  readonly board?: string;
  readonly port?: string;
}

/** Writes an image that was built elsewhere; its chip is checked before anything is erased. */
export async function flashPrebuilt(services: Services, target?: unknown, options: FlashImageOptions = {}): Promise<FlashImageReport | undefined> {
  const { programs, workspace } = services.runDeps();
  const uri = givenUri(target) ?? (await pickImage());
  const name = path.basename(uri.fsPath);
  const board = options.board === undefined ? await pickBoard(services, `Flash ${name} onto…`) : await boardById(options.board, workspace);
  if (!board) return undefined;
  const portPath = options.port ?? (board.kind === 'hardware' ? await pickPort(board, services.log) : undefined);
  await services.sessions.stop(board, portPath);
  const flashed = await withTask(`${name} on ${board.name}`, services.log, (task) =>
    flashImage({ path: uri.fsPath, boardId: board.id, portPath }, { programs, workspace, env: toolEnvironment(process.env) }, task),
  );
  if (!flashed) return undefined;
  if (flashed.link) await listen(flashed.link, board, services);
  const text = `${name} is on ${board.name}: ${formatCount(flashed.report.bytes)} bytes written and verified`;
  services.log.write('info', text);
  void vscode.window.showInformationMessage(text, 'Show Output').then((chosen) => chosen && services.output.show(true));
  return flashed.report;
}

async function pickImage(): Promise<vscode.Uri> {
  const picked = await vscode.window.showOpenDialog({ title: 'Prebuilt image', filters: { Images: ['hex', 'bin', 'elf', 'uf2'] }, canSelectMany: false });
  if (!picked?.[0]) throw new CancelledError();
  return picked[0];
}

async function listen(link: ByteLink, board: Board, services: Services): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  link.onData((bytes) => {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) services.log.write('info', `${board.name}: ${line}`);
  });
  await new Promise((resolve) => setTimeout(resolve, LISTEN_MS));
  await link.close();
}

import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

/** A mounted drive of a board: its folder and, where it has one, what INFO_UF2.TXT says. */
export interface Drive {
  readonly folder: string;
  readonly label: string;
  readonly boardId?: string;
  readonly model?: string;
}

/** Looks for drives; passed in, so that tests and odd systems can offer folders of their own. */
export type FindDrives = () => Promise<readonly Drive[]>;

const letters = 'DEFGHIJKLMNOPQRSTUVWXYZ';

/** Folders that systems mount drives in: udisks on Linux, macOS, drive letters on Windows. */
async function mountFolders(platform: NodeJS.Platform): Promise<string[]> {
  if (platform === 'win32') return [...letters].map((letter) => `${letter}:\\`);
  const user = os.userInfo().username;
  const parents = platform === 'darwin' ? ['/Volumes'] : [`/run/media/${user}`, `/media/${user}`, '/media', '/mnt'];
  const inside = await Promise.all(parents.map(async (parent) => (await fs.readdir(parent).catch(() => [])).map((name) => path.join(parent, name))));
  return inside.flat();
}

export const findDrives = (platform: NodeJS.Platform = process.platform): FindDrives => async () => {
  const drives = await Promise.all((await mountFolders(platform)).map((folder) => readDrive(folder, platform)));
  return drives.filter((drive) => drive !== undefined);
};

/** `undefined` where nothing is mounted there. */
export async function readDrive(folder: string, platform: NodeJS.Platform = process.platform): Promise<Drive | undefined> {
  const stat = await fs.stat(folder).catch(() => undefined);
  if (!stat?.isDirectory()) return undefined;
  const info = await fs.readFile(path.join(folder, 'INFO_UF2.TXT'), 'utf8').catch(() => undefined);
  const field = (name: string): string | undefined => (info ? new RegExp(`^${name}:\\s*(.+?)\\s*$`, 'm').exec(info)?.[1] : undefined);
  const label = platform === 'win32' ? await windowsLabel(folder) : path.basename(folder);
  return { folder, label, boardId: field('Board-ID'), model: field('Model') };
}

/** fsutil is part of Windows; without an answer the drive has no label. */
async function windowsLabel(folder: string): Promise<string> {
  const answer = await promisify(execFile)('fsutil', ['volume', 'queryLabel', folder.slice(0, 2)], { windowsHide: true, timeout: 3000 }).catch(() => undefined);
  return answer?.stdout.trim() ?? '';
}

import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

/** A process that has a port open. */
export interface PortHolder {
  readonly processId: number;
  readonly name: string;
}

/**
 * Who has a port open, as far as the system tells: /proc on Linux (own processes, or all of them for root), lsof elsewhere.
 * Empty where it does not tell.
 */
export async function findPortHolders(portPath: string, platform: NodeJS.Platform = process.platform): Promise<PortHolder[]> {
  if (platform === 'win32') return [];
  const device = await fs.realpath(portPath).catch(() => portPath);
  const found = platform === 'linux' ? await holdersInProc(device) : [];
  return found.length ? found : holdersByLsof(device);
}

async function holdersInProc(device: string): Promise<PortHolder[]> {
  const ids = (await fs.readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const holders = await Promise.all(ids.map(async (id) => ((await hasOpen(id, device)) ? { processId: Number(id), name: await nameOf(id) } : undefined)));
  return holders.filter((holder) => holder !== undefined);
}

/** Processes of other users, and those that end meanwhile, cannot be read: they are passed over. */
async function hasOpen(id: string, device: string): Promise<boolean> {
  const folder = path.join('/proc', id, 'fd');
  for (const fd of await fs.readdir(folder).catch(() => [])) {
    if ((await fs.readlink(path.join(folder, fd)).catch(() => '')) === device) return true;
  }
  return false;
}

const nameOf = (id: string): Promise<string> => fs.readFile(path.join('/proc', id, 'comm'), 'utf8').then((text) => text.trim(), () => 'a process');

/** Field output of lsof: p is the process, c its command. */
async function holdersByLsof(device: string): Promise<PortHolder[]> {
  const answer = await promisify(execFile)('lsof', ['-F', 'pc', '--', device], { timeout: 5000 }).catch((error: { stdout?: string }) => error);
  const lines = (answer.stdout ?? '').split('\n');
  return lines.flatMap((line, i) => (line.startsWith('p') ? [{ processId: Number(line.slice(1)), name: lines[i + 1]?.startsWith('c') ? lines[i + 1].slice(1) : 'a process' }] : []));
}

/** Name of the group that may use a port, by /etc/group; `undefined` where that is not known. */
export async function groupOfPort(portPath: string): Promise<string | undefined> {
  const gid = await fs.stat(portPath).then((stat) => stat.gid, () => undefined);
  if (gid === undefined) return undefined;
  const groups = await fs.readFile('/etc/group', 'utf8').catch(() => '');
  return groups.split('\n').map((line) => line.split(':')).find((fields) => fields[2] === String(gid))?.[0];
}

import type { ToolEnvironment } from './environment';
import type { Packages } from './tools';

/** Package families by the ids that os-release(5) gives in ID and ID_LIKE. */
const families = [
  { ids: ['debian', 'ubuntu'], command: (p: Packages) => `sudo apt install ${p.debian.join(' ')}` },
  { ids: ['fedora', 'rhel', 'centos'], command: (p: Packages) => `sudo dnf install ${p.fedora.join(' ')}` },
  { ids: ['arch'], command: (p: Packages) => `sudo pacman -S ${p.arch.join(' ')}` },
] as const;

/** The command that installs a package on the user's system; `undefined` where none is known. It is shown, never run by us. */
export function installCommand(packages: Packages, environment: ToolEnvironment): string | undefined {
  if (environment.platform === 'darwin') return `brew install ${packages.homebrew.join(' ')}`;
  if (environment.platform === 'win32') return packages.windows;
  const ids = distributionIds(environment.osRelease);
  for (const id of ids) {
    const family = families.find((f) => (f.ids as readonly string[]).includes(id));
    if (family) return family.command(packages);
  }
  return undefined;
}

/** ID first, then ID_LIKE from nearest to farthest. */
function distributionIds(osRelease: string): string[] {
  const value = (key: string): string => new RegExp(`^${key}=["']?([^"'\\n]*)`, 'm').exec(osRelease)?.[1] ?? '';
  return [value('ID'), ...value('ID_LIKE').split(/\s+/)].filter(Boolean);
}

import type { ToolEnvironment } from './environment';
import type { Packages } from './tools';

/** Package families by the ids that os-release(5) gives in ID and ID_LIKE. */
const families = [
  { ids: ['debian', 'ubuntu'], command: 'sudo apt install', names: (p: Packages) => p.debian },
  { ids: ['fedora', 'rhel', 'centos'], command: 'sudo dnf install', names: (p: Packages) => p.fedora },
  { ids: ['arch'], command: 'sudo pacman -S', names: (p: Packages) => p.arch },
] as const;

/** The command that installs a package on the user's system; `undefined` where none is known. It is shown, never run by us. */
export function installCommand(packages: Packages, environment: ToolEnvironment): string | undefined {
  const has = (names: readonly string[]): boolean => names.length > 0;
  if (environment.platform === 'darwin') return has(packages.homebrew) ? `brew install ${packages.homebrew.join(' ')}` : undefined;
  if (environment.platform === 'win32') return packages.windows;
  const ids = distributionIds(environment.osRelease);
  for (const id of ids) {
    const family = families.find((f) => (f.ids as readonly string[]).includes(id));
    if (family) return has(family.names(packages)) ? `${family.command} ${family.names(packages).join(' ')}` : undefined;
  }
  return undefined;
}

/** ID first, then ID_LIKE from nearest to farthest. */
function distributionIds(osRelease: string): string[] {
  const value = (key: string): string => new RegExp(`^${key}=["']?([^"'\\n]*)`, 'm').exec(osRelease)?.[1] ?? '';
  return [value('ID'), ...value('ID_LIKE').split(/\s+/)].filter(Boolean);
}

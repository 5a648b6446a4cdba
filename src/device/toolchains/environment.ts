import fs from 'node:fs';
import path from 'node:path';

/** What finding and running tools depends on, passed in so that tests can offer another machine. */
export interface ToolEnvironment {
  readonly platform: NodeJS.Platform;
  /** Folders of the PATH, in order. */
  readonly pathFolders: readonly string[];
  /** Endings that make a file a program: `['']`, or those of PATHEXT. */
  readonly programEndings: readonly string[];
  /** Variables given to the tools. */
  readonly variables: NodeJS.ProcessEnv;
  /** Text of /etc/os-release; empty elsewhere than on Linux. */
  readonly osRelease: string;
}

/** The environment of this process, read once where programs are composed. */
export function currentEnvironment(variables: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): ToolEnvironment {
  const windows = platform === 'win32';
  const sameName = (key: string, name: string): boolean => (windows ? key.toUpperCase() : key) === name;
  const value = (name: string): string => Object.entries(variables).find(([key]) => sameName(key, name))?.[1] ?? '';
  const endings = (value('PATHEXT') || '.EXE').split(';').map((ending) => ending.toLowerCase());
  return {
    platform,
    pathFolders: value('PATH').split(windows ? ';' : ':').filter(Boolean),
    programEndings: windows ? endings.filter((ending) => ending === '.exe') : [''], // .bat and .cmd would need a shell
    variables,
    osRelease: platform === 'linux' ? readOsRelease() : '',
  };
}

function readOsRelease(): string {
  for (const file of ['/etc/os-release', '/usr/lib/os-release']) {
    try {
      return fs.readFileSync(file, 'utf8');
    } catch {
      // the next place, as os-release(5) prescribes
    }
  }
  return '';
}

/** First program of that name on the PATH, without asking a shell. */
export function findProgram(name: string, environment: ToolEnvironment): string | undefined {
  for (const folder of environment.pathFolders) {
    for (const ending of environment.programEndings) {
      const file = path.join(folder, name + ending);
      if (isProgram(file)) return file;
    }
  }
  return undefined;
}

function isProgram(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

import path from 'node:path';

/**
 * The environment with folders in front of its PATH. Relative folders are left out: what they mean would depend on where the
 * editor was started. On Windows the variable may be spelled `Path`; the spelling that is there is kept.
 */
export function withFolders(env: NodeJS.ProcessEnv, folders: readonly string[]): NodeJS.ProcessEnv {
  const key = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const absolute = folders.filter((folder) => path.isAbsolute(folder));
  return { ...env, [key]: [...absolute, env[key]].filter(Boolean).join(path.delimiter) };
}

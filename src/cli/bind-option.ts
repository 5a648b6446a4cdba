import { UsageError, type Command } from './command';

/** Extents that the model leaves open, for every command that opens one. */
export const bindOption: Command['options'] = {
  bind: { type: 'string', value: 'list', help: 'extents that the model leaves open: name=16, separated by commas; otherwise "bind" in tinyml.json' },
};

/** `batch=4,tokens=16`; names may hold any character but a comma. */
export function bindingsOf(text: string | undefined): Readonly<Record<string, number>> | undefined {
  if (text === undefined) return undefined;
  return Object.fromEntries(
    text.split(',').map((part) => {
      const [, name, extent] = /^(.+)=([0-9]{1,9})$/.exec(part.trim()) ?? [];
      if (name === undefined || Number(extent) === 0) throw new UsageError(`--bind takes name=extent, separated by commas; "${part.trim()}" is none`);
      return [name.trim(), Number(extent)];
    }),
  );
}

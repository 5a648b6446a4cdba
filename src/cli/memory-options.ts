import type { MemoryChoice } from '../engine/codegen/choose-strips';
import { UsageError, type Command } from './command';

/** How much RAM the generated C may take, for every command that plans one. */
export const memoryOptions: Command['options'] = {
  'ram-budget': { type: 'string', value: 'bytes', help: 'most bytes of the arena; the first layers are run in strips of rows where that is needed' },
  patches: { type: 'string', value: 'auto|n|off', help: 'strips of rows: as few as the budget needs, so many, or none' },
};

/** For commands whose C is the user's own to call. */
export const inputRowsOption: Command['options'] = {
  'input-rows': { type: 'boolean', help: 'the input is handed over row by row, as a camera delivers it, and is never whole in RAM' },
};

export function memoryOf(values: Readonly<Record<string, unknown>>): MemoryChoice | undefined {
  const budget = values['ram-budget'] as string | undefined;
  const patches = values.patches as string | undefined;
  if (budget !== undefined && !/^[1-9][0-9]{0,11}$/.test(budget)) throw new UsageError(`--ram-budget takes a number of bytes; "${budget}" is none`);
  if (patches !== undefined && !/^(auto|off|[2-9]|[1-9][0-9]{1,4})$/.test(patches)) throw new UsageError(`--patches takes auto, off, or a number of strips from 2; "${patches}" is none`);
  const inputRows = values['input-rows'] === true;
  if (inputRows && patches === 'off') throw new UsageError('--input-rows runs the first layers in strips of rows; leave out --patches off');
  // Without any of them tinyml.json has its say.
  if (budget === undefined && patches === undefined && !inputRows) return undefined;
  return {
    ...(inputRows ? { inputRows } : {}),
    ...(budget === undefined ? {} : { ramBudgetBytes: Number(budget) }),
    ...(patches === undefined ? {} : { patches: patches === 'auto' || patches === 'off' ? patches : Number(patches) }),
  };
}

import type { MemoryChoice } from '../engine/codegen/choose-strips';
import { UsageError, type Command } from './command';

/** How much RAM the generated C may take, for every command that plans one. */
export const memoryOptions: Command['options'] = {
  'ram-budget': { type: 'string', value: 'bytes', help: 'most bytes of the arena; the first layers are run in strips of rows where that is needed' },
  patches: { type: 'string', value: 'auto|n|off', help: 'strips of rows: as few as the budget needs, so many, or none' },
};

export function memoryOf(values: Readonly<Record<string, unknown>>): MemoryChoice | undefined {
  const budget = values['ram-budget'] as string | undefined;
  const patches = values.patches as string | undefined;
  if (budget !== undefined && !/^[1-9][0-9]{0,11}$/.test(budget)) throw new UsageError(`--ram-budget takes a number of bytes; "${budget}" is none`);
  if (patches !== undefined && !/^(auto|off|[2-9]|[1-9][0-9]{1,4})$/.test(patches)) throw new UsageError(`--patches takes auto, off, or a number of strips from 2; "${patches}" is none`);
  // Without either of them tinyml.json has its say.
  if (budget === undefined && patches === undefined) return undefined;
  return {
    ...(budget === undefined ? {} : { ramBudgetBytes: Number(budget) }),
    ...(patches === undefined ? {} : { patches: patches === 'auto' || patches === 'off' ? patches : Number(patches) }),
  };
}

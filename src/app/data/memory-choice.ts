import type { MemoryChoice } from '../../engine/codegen/choose-strips';
import { parseQuantity } from '../budgets/quantity';

/** A RAM budget in bytes or as text, and strips as people write both; absent parts are left out. Undefined where one cannot be read. */
export function memoryChoice(ramBudget: unknown, strips: unknown): MemoryChoice | undefined {
  const bytes = ramBudget === undefined ? undefined : parseQuantity('ram', ramBudget);
  if (ramBudget !== undefined && !(bytes! >= 1)) return undefined;
  if (!(strips === undefined || strips === 'auto' || strips === 'off' || (Number.isInteger(strips) && (strips as number) >= 2 && (strips as number) < 1e5))) return undefined;
  return { ...(bytes === undefined ? {} : { ramBudgetBytes: Math.floor(bytes) }), ...(strips === undefined ? {} : { patches: strips as MemoryChoice['patches'] }) };
}

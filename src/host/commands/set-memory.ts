import path from 'node:path';
import * as vscode from 'vscode';
import type { RawEntry } from '../../app/data/remember-in-project';
import { parseQuantity } from '../../app/budgets/quantity';
import { CancelledError } from '../../base/cancel';
import { formatCount } from '../../base/units';
import type { MemoryChoice } from '../../engine/codegen/choose-strips';
import type { Services } from '../services';
import { changeProject } from './change-project';
import { modelTarget } from './model-target';

export interface SetMemoryOptions {
  /** Asked where absent; without members: no budget and no strips. */
  readonly plan?: MemoryChoice;
}

/** Writes into tinyml.json how much RAM the C of a model may take, and whether its first layers run in strips. Returns what is set. */
export async function setMemory(_services: Services, target?: unknown, options: SetMemoryOptions = {}): Promise<MemoryChoice> {
  const model = await modelTarget(target);
  const plan = options.plan ?? (await askBudget(model));
  const { ramBudgetBytes, patches } = plan;
  const memory = { ...(ramBudgetBytes === undefined ? {} : { ramBudget: `${formatCount(ramBudgetBytes)} B` }), ...(patches === undefined ? {} : { strips: patches }) };
  const change = ({ memory: _before, ...entry }: RawEntry): RawEntry => (Object.keys(memory).length ? { ...entry, memory } : entry);
  await changeProject(model, 'models', change);
  return plan;
}

async function askBudget(model: string): Promise<MemoryChoice> {
  const answer = await vscode.window.showInputBox({
    title: `${path.basename(model)}: how much RAM may its arena take?`,
    prompt: 'Where the plan needs more, the first layers are run in strips of rows. Empty: no budget. Kept in tinyml.json.',
    placeHolder: 'for example 32 KiB',
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' || (parseQuantity('ram', text) ?? 0) >= 1 ? undefined : 'Bytes, or a number with KiB or MiB'),
  });
  if (answer === undefined) throw new CancelledError();
  return answer.trim() === '' ? {} : { ramBudgetBytes: Math.floor(parseQuantity('ram', answer)!) };
}

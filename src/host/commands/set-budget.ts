import path from 'node:path';
import * as vscode from 'vscode';
import { measuredOf, type Cost } from '../../app/budgets/measure';
import { budgetProblems, quantityText } from '../../app/budgets/problems';
import { parseQuantity } from '../../app/budgets/quantity';
import type { RawEntry } from '../../app/data/remember-in-project';
import { CancelledError } from '../../base/cancel';
import type { Services } from '../services';
import { changeProject } from './change-project';
import { modelTarget } from './model-target';

export interface SetBudgetOptions {
  /** Asked where absent. */
  readonly resource?: Cost;
  /** As tinyml.json has it; asked where absent. */
  readonly limit?: string;
}

const names: Readonly<Record<Cost, string>> = { ram: 'RAM', flash: 'Flash', macs: 'MACs', timeUs: 'Time of one inference', energyUj: 'Energy of one inference' };
/** What depends on the board is limited on the one that is chosen. */
const ofBoard: ReadonlySet<Cost> = new Set(['timeUs', 'energyUj']);

/** Writes what a model may cost into tinyml.json. Returns the limit as it is written there. */
export async function setBudget(services: Services, target?: unknown, options: SetBudgetOptions = {}): Promise<string> {
  const model = await modelTarget(target);
  const resource = options.resource ?? (await askResource(model));
  const limit = options.limit ?? (await askLimit(services, model, resource));
  const board = ofBoard.has(resource) ? services.board.current?.id : undefined;
  await changeProject(model, 'budgets', (entry) => {
    if (board === undefined) return { ...entry, [resource]: limit };
    const boards = (entry.boards ?? {}) as Readonly<Record<string, RawEntry>>;
    return { ...entry, boards: { ...boards, [board]: { ...boards[board], [resource]: limit } } };
  });
  return limit;
}

async function askResource(model: string): Promise<Cost> {
  const items = (Object.keys(names) as Cost[]).map((resource) => ({ label: names[resource], resource }));
  const picked = await vscode.window.showQuickPick(items, { title: `What may ${path.basename(model)} cost?`, ignoreFocusOut: true });
  if (!picked) throw new CancelledError();
  return picked.resource;
}

async function askLimit(services: Services, model: string, resource: Cost): Promise<string> {
  const report = await services.models.reportIfReadable(model);
  const now = report && measuredOf({ resource }, report);
  const answer = await vscode.window.showInputBox({
    title: `${names[resource]}: how much may ${path.basename(model)} take?`,
    prompt: [now && `Now ${quantityText(resource, now.value)}.`, 'Kept in tinyml.json; more is an error in Problems.'].filter(Boolean).join(' '),
    value: now && quantityText(resource, now.value),
    ignoreFocusOut: true,
    validateInput: (text) => (parseQuantity(resource, text) === undefined ? budgetProblems.howToWrite(resource) : undefined),
  });
  if (answer === undefined) throw new CancelledError();
  return answer.trim();
}

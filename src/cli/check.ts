import path from 'node:path';
import { formatProblem, hasErrors } from '../base/problem';
import { checkBudgets } from '../app/check-budgets';
import { directEngine } from '../app/engine-direct';
import { quantityText } from '../app/budgets/problems';
import type { Verdict } from '../app/budgets/judge';
import type { Command } from './command';
import { table } from './table';

export const check: Command = {
  name: 'check',
  usage: '',
  summary: 'budgets of tinyml.json; exit status 1 where one is broken',
  options: {
    project: { type: 'string', value: 'file', help: 'the project file; ./tinyml.json where absent' },
    board: { type: 'string', value: 'id', help: 'board for budgets that name none' },
  },
  positionals: 0,
  async run({ values, task }) {
    const file = path.resolve((values.project as string | undefined) ?? 'tinyml.json');
    const verdicts = await checkBudgets(file, directEngine(task), task, { board: values.board as string | undefined });
    const problems = verdicts.flatMap(({ problem }) => (problem ? [problem] : []));
    const rows = verdicts.map(({ budget, state, measured }) => [
      budget.model, budget.layer ?? '', budget.board ?? '', budget.resource,
      measured ? `${measured.lowerBound ? '≥ ' : ''}${quantityText(budget.resource, measured.value)}` : 'unknown', quantityText(budget.resource, budget.limit), measured?.basis ?? '', state,
    ]);
    const rest = [table(['model', 'layer', 'board', 'budget', 'is', budgetSide(verdicts), 'basis', ''], rows, 'llllrrll'), ...problems.map((problem) => `\n${problem.where!.path}:${problem.where!.line}\n${formatProblem(problem)}`)];
    return {
      json: { schema: 'tinyml-check/1', project: file, budgets: verdicts.map(({ budget, state, measured }) => ({ ...budget, state, ...measured })), problems },
      text: verdicts.length ? rest.join('\n') : `${file} has no budgets`,
      failed: hasErrors(problems),
    };
  },
};

/** Accuracy has a least, everything else a most. */
const budgetSide = (verdicts: readonly Verdict[]): string => (verdicts.every(({ budget }) => budget.resource !== 'accuracy') ? 'at most' : 'limit');

import fs from 'node:fs/promises';
import { problemOfUnknown, ProblemError } from '../base/problem';
import type { Task } from '../base/progress';
import { throwIfCancelled } from '../base/cancel';
import { judge, type Facts, type Verdict } from './budgets/judge';
import { readBudgets, type Budget } from './budgets/read';
import { appProblems } from './problems';
import type { EngineRequests } from './run-contract';

export interface CheckOptions {
  /** Board for budgets that name none. */
  readonly board?: string;
  /** Accuracy that is known already, by path of the model; where absent it is measured. */
  accuracy?(modelPath: string, task: Task): Promise<Facts['accuracy']>;
  readonly text?: string;
}

/** Every budget of a project file, judged. Models and boards are read once each; what fails is a finding, not an end. */
export async function checkBudgets(file: string, engine: EngineRequests, task: Task, options: CheckOptions = {}): Promise<Verdict[]> {
  const text = options.text ?? (await fs.readFile(file, 'utf8').catch((error: Error) => {
    throw new ProblemError(appProblems.noFile(file, error.message));
  }));
  const budgets = readBudgets(file, text).budgets.map((budget) => (budget.board === undefined && options.board !== undefined ? { ...budget, board: options.board } : budget));
  const reports = new Map<string, Promise<Facts>>();
  const once = (key: string, make: () => Promise<Facts>): Promise<Facts> => {
    const known = reports.get(key) ?? make();
    reports.set(key, known);
    return known;
  };
  const requestOptions = { signal: task.signal, progress: (progress: Parameters<Task['progress']>[0]) => task.progress(progress) };
  const accuracy = options.accuracy ?? ((path: string) => engine.request('accuracy', { path }, requestOptions));
  const failed = (error: unknown): Facts => {
    throwIfCancelled(task.signal);
    return { failure: problemOfUnknown(error).title };
  };
  const factsOf = async (budget: Budget): Promise<Facts> => {
    const report = await once(`${budget.board ?? ''} ${budget.modelPath}`, () => engine.request('inspect', { path: budget.modelPath, board: budget.board }, requestOptions).then((r) => ({ report: r }), failed));
    if (budget.resource !== 'accuracy' || !report.report) return report;
    const measured = await once(`accuracy ${budget.modelPath}`, () => accuracy(budget.modelPath, task).then((a) => ({ accuracy: a }), failed));
    return measured.failure ? measured : { ...report, accuracy: measured.accuracy };
  };
  const verdicts: Verdict[] = [];
  for (const budget of budgets) verdicts.push(judge(budget, await factsOf(budget)));
  return verdicts;
}

import * as vscode from 'vscode';
import { formatProblem, type Problem } from '../../base/problem';
import { currentEnvironment } from '../../device/toolchains/environment';
import { findTools } from '../../device/toolchains/find-tools';
import type { Services } from '../services';
import { toolEnvironment } from '../tool-environment';
import { withTask } from '../ui/progress';

export interface DoctorReport {
  readonly boards: readonly { readonly id: string; readonly tools: readonly string[]; readonly problems: readonly Problem[] }[];
}

/** Looks for the tools of every board; the channel lists what was found and how to get what is missing. */
export async function doctor(services: Services): Promise<DoctorReport | undefined> {
  const environment = currentEnvironment(toolEnvironment(process.env));
  const boards = services.board.all;
  const report = await withTask('Checking toolchains', services.log, async (task) => {
    const results: Array<DoctorReport['boards'][number]> = [];
    for (const [done, board] of boards.entries()) {
      task.progress({ stage: board.name, done: done + 1, total: boards.length });
      const { value, problems } = await findTools(board, environment, task);
      results.push({ id: board.id, tools: [...value.byId.values()].map((tool) => `${tool.path} ${tool.version}`), problems });
    }
    return { boards: results };
  });
  if (report) show(services, report);
  return report;
}

/** The chosen board in full; of the others each missing tool once. */
function show(services: Services, report: DoctorReport): void {
  const { current: chosen, all: boards } = services.board;
  const ready = report.boards.filter(({ problems }) => !problems.length);
  const mine = report.boards.find(({ id }) => id === chosen?.id);
  const indented = (problem: Problem): string[] => formatProblem(problem).split('\n').map((line) => `    ${line}`);
  const missing = new Map(report.boards.filter((b) => b !== mine).flatMap(({ problems }) => problems.map((problem) => [JSON.stringify(problem.fixes), problem])));
  const lines = [
    ...(mine && chosen ? [`${mine.problems.length ? '✗' : '✓'} ${chosen.name}`, ...mine.tools.map((tool) => `    ${tool}`), ...mine.problems.flatMap(indented), ...(chosen.unverified ?? []).map((what) => `    ? not verified: ${what}`)] : []),
    ...ready.filter((b) => b !== mine).map(({ id }) => `✓ ${boards.find((board) => board.id === id)!.name}`),
    ...(missing.size ? ['✗ The other boards need', ...[...missing.values()].flatMap(indented)] : []),
  ];
  services.log.write('info', ['Toolchains by board', ...lines].join('\n'));
  const text = `${ready.length} of ${boards.length} boards can be built for and run`;
  void vscode.window.showInformationMessage(text, 'Show Details').then((picked) => picked && services.output.show(true));
}

import { boards } from '../device/boards';
import { currentEnvironment } from '../device/toolchains/environment';
import { findTools } from '../device/toolchains/find-tools';
import { formatProblem, type Problem } from '../base/problem';
import { boardById } from '../app/find-board';
import type { Command } from './command';

export const doctor: Command = {
  name: 'doctor',
  usage: '',
  summary: 'which boards can be built for here, and what is missing',
  options: { board: { type: 'string', value: 'id', help: 'only this board' } },
  positionals: 0,
  async run({ values, task }) {
    const environment = currentEnvironment(process.env);
    const wanted = typeof values.board === 'string' ? [await boardById(values.board, process.cwd())] : boards;
    const found = [];
    for (const board of wanted) found.push({ board, result: await findTools(board, environment, task) });
    const ready = found.filter(({ result }) => result.problems.length === 0);
    const tools = new Map(found.flatMap(({ result }) => [...result.value.byId.values()].map((tool) => [tool.path, `  ${tool.id} ${tool.version} (${tool.path})`])));
    return {
      json: {
        schema: 'tinyml-doctor/1',
        boards: found.map(({ board, result }) => ({ id: board.id, name: board.name, tools: [...result.value.byId.values()], problems: result.problems })),
      },
      text: [
        ...(ready.length ? [`Ready: ${ready.map(({ board }) => board.id).join(', ')}`] : []),
        ...(tools.size ? ['Found:', ...tools.values()] : []),
        ...missing(found.flatMap(({ board, result }) => result.problems.map((problem) => ({ id: board.id, problem })))),
      ].join('\n'),
    };
  },
};

/** Each missing tool once, with the boards that want it. */
function missing(found: ReadonlyArray<{ readonly id: string; readonly problem: Problem }>): string[] {
  const byWay = new Map<string, { readonly problem: Problem; readonly ids: string[] }>();
  for (const { id, problem } of found) {
    const key = JSON.stringify([problem.code, problem.fixes]);
    if (!byWay.has(key)) byWay.set(key, { problem, ids: [] });
    byWay.get(key)!.ids.push(id);
  }
  return [...byWay.values()].map(({ problem, ids }) => `\nFor ${ids.join(', ')}:\n${formatProblem(problem)}`);
}

import { boards } from '../device/boards';
import { currentEnvironment } from '../device/toolchains/environment';
import { findTools } from '../device/toolchains/find-tools';
import { formatProblem } from '../base/problem';
import type { Command } from './command';

export const doctor: Command = {
  name: 'doctor',
  usage: '',
  summary: 'which boards can be built for here, and what is missing',
  options: {},
  positionals: 0,
  async run({ task }) {
    const environment = currentEnvironment(process.env);
    const found = await Promise.all(boards.map(async (board) => ({ board, result: await findTools(board, environment, task) })));
    return {
      json: {
        schema: 'tinyml-doctor/1',
        boards: found.map(({ board, result }) => ({ id: board.id, name: board.name, tools: [...result.value.byId.values()], problems: result.problems })),
      },
      text: found
        .map(({ board, result }) => {
          const tools = [...result.value.byId.values()].map((tool) => `  ${tool.id} ${tool.version} (${tool.path})`);
          return [`${board.id}: ${board.name}${result.problems.length ? '' : ', ready'}`, ...tools, ...result.problems.map((p) => `  ${formatProblem(p).replace(/\n/g, '\n  ')}`)].join('\n');
        })
        .join('\n'),
    };
  },
};

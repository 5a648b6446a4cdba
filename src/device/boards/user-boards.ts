import fs from 'node:fs/promises';
import path from 'node:path';
import { outcome, type Outcome } from '../../base/outcome';
import { ProblemError, type Problem } from '../../base/problem';
import type { Board } from './board';
import { boards } from './index';
import { readUserBoard } from './user-board';

/** Files `*.board.json` in this folder of a workspace. */
export const USER_BOARDS_FOLDER = path.join('.tinyml', 'boards');

/** The boards of a workspace, beside every file that is none. */
export async function readUserBoards(workspace: string): Promise<Outcome<readonly Board[]>> {
  const folder = path.join(workspace, USER_BOARDS_FOLDER);
  const names = (await fs.readdir(folder).catch(() => [])).filter((name) => name.endsWith('.board.json')).sort();
  const found: Board[] = [];
  const problems: Problem[] = [];
  for (const name of names) {
    const file = path.join(folder, name);
    try {
      found.push(readUserBoard(file, await fs.readFile(file, 'utf8'), [...boards, ...found]));
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      problems.push(error.problem);
    }
  }
  return outcome(found, problems);
}

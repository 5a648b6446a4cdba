import fs from 'node:fs/promises';
import path from 'node:path';
import { outcome, type Outcome } from '../../base/outcome';
import { ProblemError, type Problem } from '../../base/problem';
import { formatCount } from '../../base/units';
import type { Board } from './board';
import { boards } from './index';
import { badBoardFile, readUserBoard } from './user-board';

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
      found.push(readUserBoard(file, await readText(file), [...boards, ...found]));
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      problems.push(error.problem);
    }
  }
  return outcome(found, problems);
}

/** A few figures, and room for what somebody writes about them. */
const MOST_BYTES = 64 * 1024;

async function readText(file: string): Promise<string> {
  const refuse = (why: string): never => {
    throw new ProblemError(badBoardFile(file, [why]));
  };
  const stat = await fs.stat(file).catch((error: Error) => refuse(error.message));
  if (!stat.isFile()) return refuse('it is not a file');
  if (stat.size > MOST_BYTES) return refuse(`it has ${formatCount(stat.size)} bytes; a board has at most ${formatCount(MOST_BYTES)}`);
  return fs.readFile(file, 'utf8').catch((error: Error) => refuse(error.message));
}

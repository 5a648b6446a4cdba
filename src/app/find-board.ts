import { ProblemError } from '../base/problem';
import { boards, findBoard } from '../device/boards';
import type { Board } from '../device/boards/board';
import { readUserBoards } from '../device/boards/user-boards';
import { appProblems } from './problems';

/** A board of the catalogue, or of the workspace where one is given. @throws ProblemError naming what there is. */
export async function boardById(id: string, workspace?: string): Promise<Board> {
  const known = findBoard(id);
  if (known) return known;
  const { value, problems } = workspace === undefined ? { value: [], problems: [] } : await readUserBoards(workspace);
  const own = value.find((board) => board.id === id);
  if (own) return own;
  throw new ProblemError(appProblems.unknownChoice('board', id, [...boards, ...value].map((b) => b.id)), problems);
}

import { ProblemError, type Problem } from '../../base/problem';
import type { Board } from './board';
import type { Upload } from './uploads';

/** What a user calls a way of uploading: its kind, or the tool's name. */
export const nameOfUpload = (upload: Upload): string => (upload.kind === 'tool' ? upload.target.tool : upload.kind);

/** The named way of a board that is plugged in; its usual one where no name is given. @throws ProblemError where the board has no such way */
export function uploadOf(board: Board, via?: string): Upload | undefined {
  if (board.connect.kind !== 'port') return undefined;
  const { uploads } = board.connect;
  const found = via === undefined ? uploads[0] : uploads.find((upload) => nameOfUpload(upload) === via);
  if (!found) throw new ProblemError(noSuchWay(board, via!, uploads));
  return found;
}

const noSuchWay = (board: Board, via: string, uploads: readonly Upload[]): Problem => ({
  code: 'TINYML-BOARD-WAY',
  severity: 'error',
  title: `${board.name} is not flashed by "${via}"`,
  fixes: [{ title: `Name one of its ways: ${uploads.map(nameOfUpload).join(', ')}` }, { title: 'Leave the name out for the usual one' }],
});

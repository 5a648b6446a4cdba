import type { Board } from './board';
import type { Upload } from './uploads';

/** What a user calls a way of uploading: its kind, or the tool's name. */
export const nameOfUpload = (upload: Upload): string => (upload.kind === 'tool' ? upload.target.tool : upload.kind);

/** The named way of a board that is plugged in; its usual one where no name is given, or it is unknown. */
export function uploadOf(board: Board, via?: string): Upload | undefined {
  if (board.connect.kind !== 'port') return undefined;
  return board.connect.uploads.find((upload) => nameOfUpload(upload) === via) ?? board.connect.uploads[0];
}

import { formatBytes } from '../base/units';
import { boards as allBoards } from '../device/boards';
import { nameOfUpload } from '../device/boards/upload-of';
import { toolchains } from '../device/toolchains/toolchains';
import type { Command } from './command';
import { table } from './table';

export const boards: Command = {
  name: 'boards',
  usage: '',
  summary: 'every board, its memories, and how it is flashed',
  options: {},
  positionals: 0,
  run() {
    const rows = allBoards.map((board) => [
      board.id,
      board.kind,
      board.chip,
      board.clockHz ? `${board.clockHz.value / 1e6}` : '',
      board.ramBytes ? formatBytes(board.ramBytes.value) : '',
      board.flashBytes ? formatBytes(board.flashBytes.value) : '',
      board.connect.kind === 'port' ? board.connect.uploads.map(nameOfUpload).join(', ') : board.connect.kind,
      toolchains[board.toolchain].name,
    ]);
    return Promise.resolve({
      json: { schema: 'tinyml-boards/1', boards: allBoards },
      text: table(['board', 'kind', 'chip', 'MHz', 'RAM', 'flash', 'flashed by', 'built by'], rows, 'lllrrrll'),
    });
  },
};

import { formatBytes } from '../base/units';
import { formatProblem } from '../base/problem';
import { boards as catalogue } from '../device/boards';
import type { Board } from '../device/boards/board';
import { powerOf } from '../device/boards/chip-power';
import { featuresOf } from '../device/boards/core-features';
import { timingOf } from '../device/boards/core-timing';
import { ramRegionsOf } from '../device/boards/ram-regions';
import { readUserBoards } from '../device/boards/user-boards';
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
  async run() {
    const own = await readUserBoards(process.cwd());
    const allBoards = [...catalogue, ...own.value];
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
    return {
      json: { schema: 'tinyml-boards/1', boards: allBoards.map((board) => ({ ...board, features: featuresOf(board.core, board.chip), ramRegions: ramRegionsOf(board), power: powerOf(board.chip), timing: timingOf(board.core, board.chip) })), problems: own.problems },
      text: [table(['board', 'kind', 'chip', 'MHz', 'RAM', 'flash', 'flashed by', 'built by'], rows, 'lllrrrll'), ...notes(allBoards), ...own.problems.map((problem) => `\n${formatProblem(problem)}`)].join('\n'),
    };
  },
};

/** What no maker's source confirms. */
function notes(boards: readonly Board[]): string[] {
  const unverified = boards.flatMap((board) => (board.unverified ?? []).map((what) => `  ${board.id}: ${what}`));
  return unverified.length ? ['', 'Not verified:', ...unverified] : [];
}

import { boardsOfUsb } from '../device/boards';
import { listPorts } from '../device/transports/list-ports';
import { findDrives } from '../device/uploaders/drives';
import type { Command } from './command';
import { table } from './table';

const hex4 = (id: number | undefined): string => (id === undefined ? '' : id.toString(16).padStart(4, '0'));

export const ports: Command = {
  name: 'ports',
  usage: '',
  summary: 'serial ports and drives of boards, and which boards they may be',
  options: {},
  positionals: 0,
  async run() {
    const found = (await listPorts()).map((port) => ({ ...port, boards: boardsOfUsb(port.vendorId, port.productId).map((board) => board.id) }));
    const drives = (await findDrives()()).filter((drive) => drive.boardId !== undefined);
    const rows = [
      ...found.map((port) => [port.path, port.vendorId === undefined ? '' : `${hex4(port.vendorId)}:${hex4(port.productId)}`, port.serialNumber ?? '', port.boards.join(', ')]),
      ...drives.map((drive) => [drive.folder, 'drive', drive.boardId!, drive.model ?? '']),
    ];
    return { json: { schema: 'tinyml-ports/1', ports: found, drives }, text: rows.length ? table(['port', 'USB', 'serial number', 'may be'], rows, 'llll') : 'No serial port, and no drive of a board' };
  },
};

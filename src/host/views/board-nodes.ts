import { boardsOfUsb } from '../../device/boards/index';
import type { Board } from '../../device/boards/board';
import type { PortInfo } from '../../device/transports/list-ports';
import type { DeviceState } from '../../messages/device';
import { boardDetail } from '../present/board';

/** What the boards view shows, as plain data. */
export interface BoardNode {
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly tooltip?: string;
  /** Of VS Code's icons. */
  readonly icon?: string;
  readonly children?: readonly BoardNode[];
  readonly isOpen?: boolean;
  /** Port to flash through, and the one board it can be. */
  readonly portPath?: string;
  readonly boardId?: string;
}

export interface BoardsState {
  /** Undefined where the system could not list them. */
  readonly ports: readonly PortInfo[] | undefined;
  /** Of the setting `tinyml.ports`. */
  readonly manualPorts: readonly string[];
  readonly boards: readonly Board[];
  readonly ownerOf: (portPath: string) => string | undefined;
  readonly run: DeviceState;
  readonly runPort?: string;
  readonly chosen?: string;
}

export function boardNodes(state: BoardsState): BoardNode[] {
  const listed = state.ports ?? [];
  const manual = state.manualPorts.filter((path) => !listed.some((port) => port.path === path)).map((path): PortInfo => ({ path }));
  const ports = [...listed, ...manual].filter((port) => isWorthShowing(port, state));
  const simulated = state.boards.filter((board) => board.kind === 'simulated');
  return [...ports.map((port) => portNode(port, state)), { id: 'simulated', label: 'Simulated', description: `${simulated.length} boards that need no hardware`, icon: 'beaker', children: simulated.map((board) => boardNode(board, state)) }];
}

/** A PC lists serial ports of its main board, mostly without a socket: only what is on USB, was named, or is in use counts. */
const isWorthShowing = ({ path, vendorId }: PortInfo, { manualPorts, ownerOf, runPort }: BoardsState): boolean =>
  vendorId !== undefined || manualPorts.includes(path) || ownerOf(path) !== undefined || path === runPort;

export function candidatesOf({ vendorId, productId }: Pick<PortInfo, 'vendorId' | 'productId'>, boards: readonly Board[]): readonly Board[] {
  if (vendorId === undefined) return [];
  const own = boards.filter((board) => board.usb?.some((id) => id.vendorId === vendorId && id.productId === productId));
  return [...new Set([...own, ...boardsOfUsb(vendorId, productId)])];
}

function portNode(port: PortInfo, state: BoardsState): BoardNode {
  const candidates = candidatesOf(port, state.boards);
  const chosen = candidates.find((board) => board.id === state.chosen) ?? (candidates.length === 1 ? candidates[0] : undefined);
  const isRunning = state.runPort === port.path && state.run.board !== undefined;
  const label = isRunning ? state.run.board!.name : (chosen?.name ?? (candidates.length ? `${candidates.length} boards it may be` : (port.manufacturer ?? 'Unknown board')));
  const owner = state.ownerOf(port.path);
  const fact = (name: string, value: string | undefined, icon?: string): BoardNode[] => (value ? [{ id: `${port.path} ${name}`, label: name, description: value, ...(icon ? { icon } : {}) }] : []);
  const usb = port.vendorId === undefined ? undefined : [port.vendorId, port.productId].map((id) => (id ?? 0).toString(16).padStart(4, '0')).join(':');
  return {
    id: `port ${port.path}`,
    label,
    description: [port.path, owner ? `in use by ${owner}` : undefined].filter(Boolean).join(' · '),
    icon: 'plug',
    isOpen: true,
    portPath: port.path,
    ...(chosen ? { boardId: chosen.id } : {}),
    tooltip: candidates.length > 1 ? `Its USB ids are shared: ${candidates.map((board) => board.name).join(', ')}. You are asked when you flash.` : undefined,
    children: [
      ...fact('Chip', chosen ? boardDetail(chosen) : undefined),
      ...(chosen ? [] : candidates.flatMap((board) => fact('May be', board.name))),
      ...(isRunning ? [...fact('Model', state.run.model), ...fact('Firmware', state.run.firmware), ...fact('State', state.run.text)] : fact('Firmware', 'unknown until it is flashed or opened')),
      ...(chosen?.unverified ?? []).flatMap((what, i) => fact(`Not verified${i ? ` (${i + 1})` : ''}`, what, 'question')),
      ...fact('USB', usb && [usb, port.serialNumber].filter(Boolean).join(' · ')),
    ],
  };
}

const boardNode = (board: Board, { run, chosen }: BoardsState): BoardNode => ({
  id: `board ${board.id}`,
  label: board.name.replace(/ \(simulated\)$/, ''),
  description: [boardDetail(board), run.board?.id === board.id ? run.model && `runs ${run.model}` : undefined, board.id === chosen ? 'chosen' : undefined].filter(Boolean).join(' · '),
  icon: 'beaker',
  tooltip: board.description,
  boardId: board.id,
});

/** Where ports are looked for, where that is not the computer in front of the user. */
export function portsMessage(ports: readonly PortInfo[] | undefined, remoteName: string | undefined): string | undefined {
  if (ports === undefined) return 'The system could not list serial ports: see the output channel. A port can be named in the setting tinyml.ports.';
  if (remoteName) return 'Ports of the remote machine, where this extension runs. For a board on your own computer open the folder locally.';
  return ports.some((port) => port.vendorId !== undefined) ? undefined : `No board found. Looked at ${ports.length} ports; new ones appear by themselves.`;
}

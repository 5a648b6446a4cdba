import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { SimulatedBoard, type SimulatedBoardOptions } from '../../../../src/device/simulators/avr/simulated-board';
import { programOrSkip, temporaryFolder } from './boards';

export interface SerialPortOfBoard {
  /** A path that programs open like a serial port; opening it resets the board, as on an Uno. */
  readonly path: string;
  readonly board: SimulatedBoard;
  close(): Promise<void>;
}

/** What is at the other end of a pseudo terminal. */
export interface PtyEnd {
  receive(bytes: Uint8Array): void;
  /** A pty has no modem lines: that a program has opened the port stands for DTR. */
  opened(): void;
  closed(): void;
}

export interface Pty {
  readonly path: string;
  send(bytes: Uint8Array): void;
  close(): Promise<void>;
}

/** A pseudo terminal made by socat. `name`: programs tell USB ports from others by it. */
export async function openPty(context: Mocha.Context, end: PtyEnd, name = 'tty'): Promise<Pty> {
  const socat = programOrSkip(context, 'socat');
  const folder = temporaryFolder();
  const [link, socket] = [path.join(folder, name), path.join(folder, 'socket')];
  let connection: net.Socket | undefined;
  const server = net.createServer((client) => {
    connection = client;
    end.opened();
    client.on('data', (bytes) => end.receive(bytes));
    client.on('error', () => {});
    client.on('close', () => {
      if (connection === client) connection = undefined;
      end.closed();
    });
  });
  server.listen(socket);
  await once(server, 'listening');
  let child: ChildProcess | undefined;
  let closed = false;
  const start = (): void => {
    if (closed) return;
    child = spawn(socat, [`PTY,link=${link},raw,echo=0,wait-slave,pty-interval=0.01`, `UNIX-CONNECT:${socket}`], { stdio: 'ignore' });
    child.on('exit', start); // it ends when the port is closed: the next program may open it again
  };
  start();
  while (!fs.existsSync(link)) await new Promise((resolve) => setTimeout(resolve, 10));
  const close = async (): Promise<void> => {
    closed = true;
    child?.kill();
    connection?.destroy();
    server.close();
    await once(server, 'close');
  };
  return { path: link, send: (bytes) => void connection?.write(bytes), close };
}

/** A simulated board behind a pseudo terminal. */
export async function boardOnPty(context: Mocha.Context, options: Omit<SimulatedBoardOptions, 'send'> = {}): Promise<SerialPortOfBoard> {
  let pty: Pty | undefined;
  const board = new SimulatedBoard({ ...options, send: (bytes) => pty?.send(bytes) });
  pty = await openPty(context, {
    receive: (bytes) => board.receive(bytes),
    opened: () => board.setSignals({ dtr: true }),
    closed: () => board.setSignals({ dtr: false }),
  });
  const { path: link, close } = pty;
  return {
    path: link,
    board,
    close: () => {
      board.stop();
      return close();
    },
  };
}

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

/** A simulated board behind a pseudo terminal made by socat. A pty has no modem lines, so opening stands for DTR. */
export async function boardOnPty(context: Mocha.Context, options: Omit<SimulatedBoardOptions, 'send'> = {}): Promise<SerialPortOfBoard> {
  const socat = programOrSkip(context, 'socat');
  const folder = temporaryFolder();
  const [link, socket] = [path.join(folder, 'tty'), path.join(folder, 'socket')];
  let connection: net.Socket | undefined;
  const board = new SimulatedBoard({ ...options, send: (bytes) => void connection?.write(bytes) });
  const server = net.createServer((client) => {
    connection = client;
    board.setSignals({ dtr: true });
    client.on('data', (bytes) => board.receive(bytes));
    client.on('error', () => {});
    client.on('close', () => {
      if (connection === client) connection = undefined;
      board.setSignals({ dtr: false });
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
    board.stop();
    child?.kill();
    connection?.destroy();
    server.close();
    await once(server, 'close');
  };
  return { path: link, board, close };
}

import { spawn, type ChildProcess } from 'node:child_process';
import { Emitter } from '../../base/event';
import { ProblemError } from '../../base/problem';
import type { ByteLink } from './link';
import * as problems from './problems';

export interface ProcessLinkOptions {
  /** What a person would call it. */
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly variables: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** A node program that takes modem lines as IPC messages `{ kind: 'signals', id, dtr, rts }` and answers `{ kind: 'done', id }`. */
  readonly ipc?: boolean;
  /** The program does not end when its input does (QEMU): it is ended at once. */
  readonly endByForce?: boolean;
}

/** How long a child may take to end by itself when its input is closed. */
const GRACE_MS = 500;
const KEPT_ERROR_LINES = 12;

/** A link over the standard streams of a child process: the host's firmware, QEMU, the AVR simulator. */
export class ProcessLink implements ByteLink {
  readonly name: string;
  private readonly data = new Emitter<Uint8Array>();
  private readonly closeEvent = new Emitter<Error | undefined>();
  private readonly gone: Promise<void>;
  private readonly pending = new Map<number, () => void>();
  private nextId = 1;
  private errorText = '';
  private closing = false;
  private ended = false;

  readonly onData = this.data.event;
  readonly onClose = this.closeEvent.event;

  private constructor(private readonly child: ChildProcess, private readonly options: ProcessLinkOptions) {
    this.name = options.name;
    child.stdout!.on('data', (bytes: Buffer) => this.data.fire(bytes));
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.errorText = (this.errorText + text).slice(-8192)));
    child.stdin!.on('error', () => {}); // the reason comes with the exit
    if (options.ipc) {
      child.on('message', (message: { kind?: string; id?: number }) => {
        if (message.kind === 'done' && message.id !== undefined) this.pending.get(message.id)?.();
      });
    }
    this.gone = new Promise((resolve) => {
      child.on('close', (code, signal) => {
        this.ended = true;
        for (const done of this.pending.values()) done();
        resolve();
        this.closeEvent.fire(this.closing ? undefined : new Error(describeEnd(code, signal, this.errorText)));
      });
    });
  }

  /** @throws ProblemError when the program cannot be started. */
  static start(options: ProcessLinkOptions): Promise<ProcessLink> {
    const child = spawn(options.program, options.args, {
      cwd: options.cwd,
      env: options.variables,
      stdio: options.ipc ? ['pipe', 'pipe', 'pipe', 'ipc'] : ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    return new Promise((resolve, reject) => {
      const command = [options.program, ...options.args];
      child.once('error', (error) => reject(new ProblemError(problems.programNotStarted(options.name, command, error.message))));
      child.once('spawn', () => resolve(new ProcessLink(child, options)));
    });
  }

  get processId(): number | undefined {
    return this.child.pid;
  }

  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.ended || this.closing) return reject(new Error(`${this.name} has ended`));
      this.child.stdin!.write(bytes, (error) => {
        if (!error) return resolve();
        // A broken pipe says less than the exit that broke it: that comes first, where it comes at all.
        void Promise.race([this.gone, new Promise((late) => setTimeout(late, GRACE_MS).unref())]).then(() => reject(error));
      });
    });
  }

  /** Resolves when the child has acted on it: later bytes find the new state. Ignored by children without modem lines. */
  setSignals(signals: { readonly dtr: boolean; readonly rts: boolean }): Promise<void> {
    if (!this.child.connected) return Promise.resolve();
    const id = this.nextId++;
    return new Promise((resolve) => {
      this.pending.set(id, () => {
        this.pending.delete(id);
        resolve();
      });
      this.child.send({ kind: 'signals', id, ...signals }, (error) => {
        if (error) this.pending.get(id)?.();
      });
    });
  }

  setBaud(): Promise<void> {
    return Promise.resolve();
  }

  /** Closes the child's input, which ends a well-behaved one, and ends it by force after a while. */
  async close(): Promise<void> {
    if (!this.closing && !this.ended) {
      this.closing = true;
      this.child.stdin!.end();
      const force = setTimeout(() => this.child.kill('SIGKILL'), this.options.endByForce ? 0 : GRACE_MS);
      this.gone.finally(() => clearTimeout(force));
    }
    await this.gone;
  }
}

function describeEnd(code: number | null, signal: string | null, errorText: string): string {
  const lines = errorText.split(/\r?\n/).filter(Boolean).slice(-KEPT_ERROR_LINES);
  return [signal ? `the program was ended by ${signal}` : `the program ended with exit code ${code}`, ...lines].join('\n');
}

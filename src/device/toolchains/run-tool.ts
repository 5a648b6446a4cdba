import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { CancelledError, neverCancelled, type CancelSignal } from '../../base/cancel';

export interface ToolRun {
  readonly program: string;
  readonly args: readonly string[];
  /** `undefined` when the program was ended by a signal or could not be started; `output` then says why. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ToolRunOptions {
  readonly cwd?: string;
  readonly variables: NodeJS.ProcessEnv;
  readonly signal?: CancelSignal;
  /** Text as the program prints it, of both streams. */
  readonly onOutput?: (text: string) => void;
}

/** Longest output kept per stream, in characters, the newest: a compiler gone wild must not fill our memory, and the reason is said last. */
const OUTPUT_LIMIT = 1 << 20;

/** Windows has no groups of processes that are ended together. */
const hasGroups = process.platform !== 'win32';

/** Build systems start other programs, which hold the port and our pipes: they end together. */
function killTree({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  if (!hasGroups) return void execFile('taskkill', ['/pid', String(pid), '/T', '/F'], { windowsHide: true }, () => {});
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // it has ended by itself meanwhile
  }
}

/** Runs a program to its end, never through a shell. Cancel ends the program with all that it has started, and rejects once they are gone. */
export function runTool(program: string, args: readonly string[], options: ToolRunOptions): Promise<ToolRun> {
  const signal = options.signal ?? neverCancelled;
  if (signal.aborted) return Promise.reject(new CancelledError());
  return new Promise((resolve, reject) => {
    // LC_ALL: messages are parsed, so they must be in English.
    const env = { ...options.variables, LC_ALL: 'C' };
    const child = spawn(program, args, { cwd: options.cwd, env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true, detached: hasGroups });
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        output[stream] += text;
        if (output[stream].length > 2 * OUTPUT_LIMIT) output[stream] = output[stream].slice(-OUTPUT_LIMIT); // seldom: each cut copies
        options.onOutput?.(text);
      });
    }
    const kill = (): void => killTree(child);
    signal.addEventListener('abort', kill, { once: true });
    let startError: Error | undefined;
    child.on('error', (error) => {
      startError = error;
      if (child.pid === undefined) end(null);
    });
    child.on('close', (code) => end(code));
    const end = (code: number | null): void => {
      signal.removeEventListener('abort', kill);
      if (signal.aborted) reject(new CancelledError());
      else resolve({ program, args, exitCode: code ?? undefined, stdout: output.stdout, stderr: output.stderr + (startError?.message ?? '') });
    };
  });
}

/** Command line, exit code and last lines of a failed tool: what every problem about one carries. */
export function describeRun(run: ToolRun, lastLines = 12): string {
  const quoted = [run.program, ...run.args].map((part) => (/^[\w@%+=:,./\\-]+$/.test(part) ? part : JSON.stringify(part))).join(' ');
  const lines = (run.stderr + run.stdout).split(/\r?\n/).filter((line) => line.trim() !== '');
  return [quoted, run.exitCode === undefined ? 'did not run to its end' : `exit code ${run.exitCode}`, ...lines.slice(-lastLines)].join('\n');
}

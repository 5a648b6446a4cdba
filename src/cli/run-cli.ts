import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { programPath } from '../app/programs';
import { isCancelled } from '../base/cancel';
import { didYouMean } from '../base/nearest';
import { formatProblem, hasErrors, ProblemError, problemOfUnknown, type Problem } from '../base/problem';
import type { Progress, Task } from '../base/progress';
import { AbortLike } from '../base/rpc';
import { boards } from './boards';
import { calibrate } from './calibrate';
import { check } from './check';
import { codegen } from './codegen';
import { compare } from './compare';
import { UsageError, type Command } from './command';
import { compress } from './compress';
import { doctor } from './doctor';
import { flash } from './flash';
import { inspect } from './inspect';
import { monitor } from './monitor';
import { ports } from './ports';
import { record } from './record';
import { verify } from './verify';

const commands: readonly Command[] = [inspect, compare, check, compress, codegen, flash, verify, monitor, record, boards, ports, calibrate, doctor];

/** Exit status: 0 well, 1 a problem of severity error, 2 wrong usage, 130 interrupted. One of the three catches of the product. */
export async function runCli(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv[0] === 'help' && argv.length > 1 ? [argv[1], '--help'] : argv;
  if (name === '--version') {
    process.stdout.write(`${productVersion()}\n`);
    return 0;
  }
  const command = commands.find((c) => c.name === name);
  if (!command) {
    const asked = name === undefined || name === '--help' || name === '-h' || name === 'help';
    if (asked) process.stdout.write(`${help()}\n`);
    else process.stderr.write(`tinyml: there is no command "${name}"${didYouMean(name, commands.map((c) => c.name))}\ntinyml --help lists the commands\n`);
    return asked ? 0 : 2;
  }
  const json = rest.includes('--json');
  const abort = new AbortLike();
  const interrupt = (): void => abort.abort();
  process.once('SIGINT', interrupt);
  try {
    const { values, positionals } = parse(command, rest);
    if (values.help === true) {
      process.stdout.write(`${helpOf(command)}\n`);
      return 0;
    }
    if (positionals.length !== command.positionals && !command.optional?.(values)) throw new UsageError(`${command.name} takes ${['no arguments', 'one model', 'two models'][command.positionals]}`);
    const result = await command.run({ positionals, values, task: taskOf(abort), say: (line) => void (json || process.stdout.write(`${line}\n`)) });
    clearProgress();
    process.stdout.write(`${json ? JSON.stringify(result.json, plainBytes) : result.text}\n`);
    return result.failed || hasErrors(problemsOf(result.json)) ? 1 : 0;
  } catch (error) {
    clearProgress();
    return fail(error, command, json);
  } finally {
    process.off('SIGINT', interrupt);
  }
}

function parse(command: Command, args: readonly string[]): { values: Record<string, string | boolean | undefined>; positionals: string[] } {
  const options = Object.fromEntries(Object.entries(command.options).map(([key, { type }]) => [key, { type }]));
  const known = [...Object.keys(options), 'json', 'help'];
  try {
    const parsed = parseArgs({ args: [...args], allowPositionals: true, options: { ...options, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
    return { values: parsed.values as Record<string, string | boolean | undefined>, positionals: parsed.positionals };
  } catch (error) {
    const unknown = (error as NodeJS.ErrnoException).code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' && args.map((arg) => /^--?([^=]+)/.exec(arg)?.[1]).find((flag) => flag !== undefined && !known.includes(flag));
    if (unknown) throw new UsageError(`${command.name} has no option --${unknown}${didYouMean(unknown, known, '--')}`);
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function fail(error: unknown, command: Command, json: boolean): number {
  if (error instanceof UsageError) {
    process.stderr.write(`tinyml: ${error.message}\ntinyml ${command.name} --help lists its options\n`);
    return 2;
  }
  if (isCancelled(error)) {
    process.stderr.write('Cancelled: nothing was written.\n');
    return 130;
  }
  const problems = [problemOfUnknown(error), ...(error instanceof ProblemError ? error.others : [])];
  if (json) process.stdout.write(`${JSON.stringify({ problems })}\n`);
  else process.stderr.write(`${problems.map(formatProblem).join('\n\n')}\n`);
  return 1;
}

const problemsOf = (report: unknown): readonly Problem[] => (report as { problems?: readonly Problem[] }).problems ?? [];

/** Byte arrays as hex: a JSON object with a thousand numbered members helps nobody. */
const plainBytes = (_key: string, value: unknown): unknown => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value);

const isInteractive = (): boolean => process.stderr.isTTY === true;
const clearProgress = (): void => void (isInteractive() && process.stderr.write('\r\x1b[K'));

function taskOf(signal: AbortLike): Task {
  return {
    signal,
    log: { write: (level, message) => void (level === 'error' && process.stderr.write(`${message}\n`)) },
    progress({ stage, done, total, secondsLeft }: Progress) {
      const left = secondsLeft === undefined ? '' : `, ${Math.ceil(secondsLeft)} s left`;
      if (isInteractive()) process.stderr.write(`\r\x1b[K${stage}…${total === undefined ? '' : ` ${done} of ${total}${left}`}`);
    },
  };
}

/** `package.json` lies beside `dist/` in a checkout and in the installed extension alike. */
const productVersion = (): string => (JSON.parse(fs.readFileSync(path.join(path.dirname(programPath('cli')), '..', 'package.json'), 'utf8')) as { version: string }).version;

function help(): string {
  const width = Math.max(...commands.map((c) => `${c.name} ${c.usage}`.length));
  return ['tinyml: neural networks on microcontrollers', '', ...commands.map((c) => `  tinyml ${`${c.name} ${c.usage}`.padEnd(width)}  ${c.summary}`), '', 'Every command takes --json and --help; tinyml --version tells which this is.'].join('\n');
}

function helpOf(command: Command): string {
  const options = Object.entries(command.options).map(([key, { value, help: text }]) => [`--${key}${value ? ` <${value}>` : ''}`, text]);
  const rows = [...options, ['--json', 'print one JSON object']];
  const width = Math.max(...rows.map(([flag]) => flag.length));
  return [`tinyml ${command.name} ${command.usage}: ${command.summary}`, '', ...rows.map(([flag, text]) => `  ${flag.padEnd(width)}  ${text}`)].join('\n');
}

import type { ParseArgsConfig } from 'node:util';
import type { Task } from '../base/progress';

export type Options = NonNullable<ParseArgsConfig['options']>;
export type Values = Readonly<Record<string, string | boolean | undefined>>;

/** One subcommand of `tinyml`: described as data, so that help, parsing and dispatch have one source. */
export interface Command {
  readonly name: string;
  /** Arguments after the name, for the help text. */
  readonly usage: string;
  readonly summary: string;
  readonly options: Readonly<Record<string, { readonly type: 'string' | 'boolean'; readonly help: string; readonly value?: string }>>;
  /** Number of positional arguments. */
  readonly positionals: number;
  /** True where options take the place of the positional arguments. */
  readonly optional?: (values: Values) => boolean;
  run(input: CommandInput): Promise<CommandResult>;
}

export interface CommandInput {
  readonly positionals: readonly string[];
  readonly values: Values;
  readonly task: Task;
  /** Prints a line at once, unless --json asks for one object at the end. */
  say(line: string): void;
}

export interface CommandResult {
  /** What --json prints. */
  readonly json: unknown;
  /** What is printed otherwise. */
  readonly text: string;
  /** True where a problem of severity error was found although the command could finish. */
  readonly failed?: boolean;
}

/** The command line is wrong: exit status 2. */
export class UsageError extends Error {}

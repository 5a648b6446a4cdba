/**
 * What can be wrong with a user's input, tools or board: plain data that crosses workers, webviews and JSON unchanged.
 * Every problem carries at least one way out (invariant 12), which the type enforces.
 */

export type Severity = 'error' | 'warning' | 'info';

/** Where in the user's material the problem lies. All parts optional: a tool may be missing without any file being wrong. */
export interface ProblemPlace {
  readonly path?: string;
  /** 1-based line, where the path is a text file. */
  readonly line?: number;
  /** 1-based columns of that line, from the first character to the one behind the last; the whole line where absent. */
  readonly columns?: readonly [number, number];
  /** Name of the layer or tensor in the source model. */
  readonly layer?: string;
}

/** One way out. `command` is an editor command of ours; `shell` is text for the user to run, never run by us. */
export interface Fix {
  readonly title: string;
  readonly command?: { readonly id: string; readonly args?: readonly unknown[] };
  readonly shell?: string;
  readonly url?: string;
}

export interface Problem {
  readonly code: string;
  readonly severity: Severity;
  /** What is so, in numbers where there are any. */
  readonly title: string;
  /** Why, and what was expected. */
  readonly detail?: string;
  readonly where?: ProblemPlace;
  readonly fixes: readonly [Fix, ...Fix[]];
}

/** Thrown where work cannot go on. Anything else that is thrown is a bug of ours and is shown as such. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  constructor(readonly problem: Problem, readonly others: readonly Problem[] = []) {
    super(problem.title);
  }
}

export const hasErrors = (problems: readonly Problem[]): boolean => problems.some((p) => p.severity === 'error');

/** One problem as text for a terminal or a log. */
export function formatProblem(problem: Problem): string {
  const where = problem.where?.layer ? ` (layer ${problem.where.layer})` : '';
  const lines = [`${problem.severity}: ${problem.title}${where} [${problem.code}]`];
  if (problem.detail) lines.push(...problem.detail.split('\n').map((line) => `  ${line}`));
  for (const fix of problem.fixes) lines.push(`  -> ${fix.title}${fix.shell ? `: ${fix.shell}` : ''}${fix.url ? `: ${fix.url}` : ''}`);
  return lines.join('\n');
}

/** The way out of an unexpected exception: it is our bug, so we say so and keep the stack for the report. */
export function problemOfUnknown(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    code: 'TINYML-INTERNAL',
    severity: 'error',
    title: `Internal error: ${error instanceof Error ? error.message : String(error)}`,
    detail: text,
    fixes: [{ title: 'Copy these details into a bug report' }],
  };
}

import { hasErrors, ProblemError, type Problem } from './problem';

/** A value together with everything that was found on the way to it. */
export interface Outcome<T> {
  readonly value: T;
  readonly problems: readonly Problem[];
}

export const outcome = <T>(value: T, problems: readonly Problem[] = []): Outcome<T> => ({ value, problems });

/** The value, or a `ProblemError` carrying the first problem of severity error and all the others. */
export function valueOrThrow<T>(result: Outcome<T>): T {
  if (!hasErrors(result.problems)) return result.value;
  const first = result.problems.find((p) => p.severity === 'error')!;
  throw new ProblemError(first, result.problems.filter((p) => p !== first));
}

import { ProblemError, problemOfUnknown } from '../../base/problem';
import type { Services } from '../services';

/** Runs an action of a panel: what goes wrong is shown to the user, as there is no place for it in the panel. */
export async function shown<T>(services: Services, action: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await action();
  } catch (error) {
    services.problems.show(problemOfUnknown(error), error instanceof ProblemError ? error.others : []);
    return otherwise;
  }
}

import { isCancelled } from '../../base/cancel';
import { ProblemError, problemOfUnknown } from '../../base/problem';
import { untrustedWorkspace } from '../problems';
import type { Services } from '../services';
import type { Command } from './table';

/** The catch around a command: whatever goes wrong inside becomes a problem that the user sees, and cancel is silence. */
export async function runCommand(command: Command, services: Services, args: readonly unknown[], isTrusted: boolean): Promise<unknown> {
  try {
    if (command.needsTrust && !isTrusted) throw new ProblemError(untrustedWorkspace(command.title));
    return await command.run(services, ...(args as never[]));
  } catch (error) {
    if (!isCancelled(error)) services.problems.show(problemOfUnknown(error), error instanceof ProblemError ? error.others : []);
    return undefined;
  }
}

import * as vscode from 'vscode';
import { isCancelled } from '../../base/cancel';
import { ProblemError, problemOfUnknown } from '../../base/problem';
import { untrustedWorkspace } from '../problems';
import type { Services } from '../services';
import { commands, type Command } from './table';

export const registerCommands = (services: Services): vscode.Disposable[] =>
  commands.map((command) => vscode.commands.registerCommand(command.id, (...args: unknown[]) => run(command, services, args)));

/** The catch around a command: whatever goes wrong inside becomes a problem that the user sees, and cancel is silence. */
async function run(command: Command, services: Services, args: readonly unknown[]): Promise<unknown> {
  try {
    if (command.needsTrust && !vscode.workspace.isTrusted) throw new ProblemError(untrustedWorkspace(command.title));
    return await command.run(services, ...(args as never[]));
  } catch (error) {
    if (!isCancelled(error)) services.problems.show(problemOfUnknown(error), error instanceof ProblemError ? error.others : []);
    return undefined;
  }
}

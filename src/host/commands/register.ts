import * as vscode from 'vscode';
import type { Services } from '../services';
import { runCommand } from './run-command';
import { commands } from './table';

export const registerCommands = (services: Services): vscode.Disposable[] =>
  commands.map((command) => vscode.commands.registerCommand(command.id, (...args: unknown[]) => runCommand(command, services, args, vscode.workspace.isTrusted)));

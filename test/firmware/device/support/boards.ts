import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Task } from '../../../../src/base/progress';
import { quietTask } from '../../../../src/base/progress';
import { boards } from '../../../../src/device/boards';
import type { Board } from '../../../../src/device/boards/board';
import { firmwareProject, type FirmwareFile, type FirmwareModel } from '../../../../src/device/firmware/project';
import { compile, type BuiltFirmware } from '../../../../src/device/toolchains/compile';
import { currentEnvironment, findProgram } from '../../../../src/device/toolchains/environment';
import { findTools, type FoundTools } from '../../../../src/device/toolchains/find-tools';
import { fakeModel, fakeModelFiles } from './fake-model';

export { random } from '../../../unit/device/random';

export const environment = currentEnvironment();

/** The bundled simulator: `npm run build` makes it. */
export const simulatorProgram = path.resolve(process.env.TINYML_DIST ?? 'dist', 'avr-simulator.js');

export const rp2040Program = path.resolve(process.env.TINYML_DIST ?? 'dist', 'rp2040-simulator.js');

/** Boards that need no hardware. */
export const boardsWithoutHardware = boards.filter((b) => b.kind !== 'hardware');

/** By what it connects with, as ids are known to the boards alone. */
export const boardWith = (kind: Board['connect']['kind']): Board => boards.find((b) => b.connect.kind === kind)!;

/** Skips the test and says why, where a tool is missing. */
export async function toolsOrSkip(context: Mocha.Context, board: Board): Promise<FoundTools> {
  const { value, problems } = await findTools(board, environment, quietTask);
  if (problems.length) skip(context, problems.map((p) => p.title).join('; '));
  return value;
}

export function programOrSkip(context: Mocha.Context, name: string): string {
  return findProgram(name, environment) ?? skip(context, `${name} is not on the PATH`);
}

export function skip(context: Mocha.Context, reason: string): never {
  console.log(`      skipped: ${reason}`);
  return context.skip();
}

const folders: string[] = [];

export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tinyml-device-'));
  folders.push(folder);
  return folder;
}

export function removeTemporaryFolders(): void {
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
}

export interface BuildOptions {
  readonly model?: FirmwareModel;
  readonly files?: readonly FirmwareFile[];
  readonly extraFlags?: readonly string[];
  readonly buildFolder?: string;
  readonly task?: Task;
}

/** Firmware around the hand-written model, with every warning an error. */
export function buildFirmware(board: Board, tools: FoundTools, options: BuildOptions = {}): Promise<BuiltFirmware> {
  return compile(
    {
      board,
      tools,
      project: firmwareProject(board, options.model ?? fakeModel),
      files: options.files ?? fakeModelFiles,
      buildFolder: options.buildFolder ?? temporaryFolder(),
      extraFlags: ['-Werror', ...(options.extraFlags ?? [])],
    },
    options.task ?? quietTask,
  );
}

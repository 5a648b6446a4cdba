import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { calibrateBoard } from '../app/calibrate-board';
import { directEngine } from '../app/engine-direct';
import { boardById } from '../app/find-board';
import type { Calibration } from '../app/engine-contract';
import { ProblemError } from '../base/problem';
import { appProblems } from '../app/problems';
import { programPath } from '../app/programs';
import { UsageError, type Command } from './command';

export const calibrate: Command = {
  name: 'calibrate',
  usage: '--board <id>',
  summary: 'measure a benchmark on a board: its factor for modelled times',
  options: {
    board: { type: 'string', value: 'id', help: 'board to measure; what runs on it is replaced' },
    port: { type: 'string', value: 'path', help: 'serial port of a real board' },
    via: { type: 'string', value: 'way', help: 'another way of uploading than the usual one of the board' },
    'build-dir': { type: 'string', value: 'dir', help: 'folder for the firmware build; otherwise in the temporary folder' },
  },
  positionals: 0,
  async run({ values, task }) {
    if (typeof values.board !== 'string') throw new UsageError('calibrate needs --board');
    const board = await boardById(values.board, process.cwd());
    const buildRoot = path.resolve((values['build-dir'] as string | undefined) ?? path.join(os.tmpdir(), 'tinyml-workbench'));
    const deps = { engine: directEngine(task), programs: { avrSimulator: programPath('avr-simulator'), rp2040Simulator: programPath('rp2040-simulator') }, buildRoot, workspace: process.cwd(), env: process.env };
    const calibration = await calibrateBoard({ board, portPath: values.port as string | undefined, via: values.via as string | undefined, date: new Date() }, deps, task);
    return { json: { schema: 'tinyml-calibration/1', board: board.id, ...calibration }, text: calibration.source };
  },
};

/** What `calibrate --json` wrote. */
export async function readCalibration(file: string, board: string | undefined): Promise<Calibration> {
  const fail = (why: string): never => {
    throw new ProblemError(appProblems.badCalibration(file, why));
  };
  const text = await fs.readFile(file, 'utf8').catch((error: Error) => fail(error.message));
  let json: Partial<Calibration & { board: string }>;
  try {
    json = JSON.parse(text) as typeof json;
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
  const { factor, source } = json ?? {};
  if (typeof factor !== 'number' || !(factor > 0) || typeof source !== 'string') return fail('It has no "factor" and "source".');
  if (json.board !== board) return fail(`It was measured on ${json.board}, not on ${board ?? 'no board'}.`);
  return { factor, source };
}

import path from 'node:path';
import { formatCount, formatEnergyUj, formatTimeUs } from '../base/units';
import type { RunEvent, RunSummary } from '../app/run-contract';
import { runOnBoard } from '../app/run-on-board';
import { sensorLine } from '../app/sensor/sensor-line';
import { bindingsOf, bindOption } from './bind-option';
import { UsageError, type Command } from './command';
import { flashImageCommand } from './flash-image';
import { memoryOf, memoryOptions } from './memory-options';
import { cliRunDeps, countOption } from './run-deps';

/** Events that --json gives; the newest. A sensor may feed for days. */
const KEPT = 100_000;

export const flash: Command = {
  name: 'flash',
  usage: '<model> | --image <file> --board <id>',
  summary: 'build firmware, flash it, run the test samples and compare with the host',
  options: {
    ...bindOption,
    ...memoryOptions,
    board: { type: 'string', value: 'id', help: 'board to flash; `tinyml boards` lists them' },
    image: { type: 'string', value: 'file', help: 'a prebuilt .hex, .bin, .elf or .uf2 in place of a model' },
    via: { type: 'string', value: 'way', help: 'another way of uploading than the usual one of the board' },
    address: { type: 'string', value: 'n', help: 'with --image: where a .bin begins in flash' },
    monitor: { type: 'string', value: 's', help: 'with --image: print what the board says for so many seconds' },
    port: { type: 'string', value: 'path', help: 'serial port of a real board' },
    data: { type: 'string', value: 'path', help: 'what is fed: a data set, .wav, .csv or .bmp; otherwise the test samples of the model' },
    sensor: { type: 'string', value: 'id', help: 'a sensor of the board feeds the model; --data is played in its place' },
    hop: { type: 'string', value: 'n', help: 'with --sensor: measurements between two runs; half a window where absent' },
    'flat-out': { type: 'boolean', help: 'with --sensor and --data: play as fast as the board takes it' },
    limit: { type: 'string', value: 'n', help: 'at most so many samples' },
    'build-dir': { type: 'string', value: 'dir', help: 'folder for the firmware build; otherwise in the temporary folder' },
  },
  positionals: 1,
  optional: (values) => values.image !== undefined,
  async run(input) {
    const { positionals: [model], values, task, say } = input;
    const boardId = values.board;
    if (typeof boardId !== 'string') throw new UsageError('flash needs --board; `tinyml boards` lists them');
    if (values.image !== undefined) {
      if (model !== undefined) throw new UsageError('flash takes a model or --image, not both');
      return flashImageCommand(input, boardId);
    }
    const events: RunEvent[] = [];
    const run = await runOnBoard(
      { path: path.resolve(model), bindings: bindingsOf(values.bind as string | undefined), memory: memoryOf(values), boardId, portPath: values.port as string | undefined, via: values.via as string | undefined, limit: countOption(values, 'limit'), data: values.data === undefined ? undefined : path.resolve(values.data as string), ...(values.sensor === undefined ? {} : { sensor: { id: values.sensor as string, hop: countOption(values, 'hop'), flatOut: values['flat-out'] === true } }) },
      cliRunDeps(values, task),
      task,
      (event) => {
        if (event.kind !== 'samples') events.push(event);
        if (events.length > KEPT) events.shift();
        const line = lineOf(event);
        if (line !== undefined) say(line);
      },
    );
    const stop = (): void => void run.stop();
    task.signal.addEventListener('abort', stop, { once: true });
    const summary = await run.done;
    const json = { schema: 'tinyml-run/1', board: boardId, summary, events: events.filter((event) => event.kind !== 'stage') };
    return { json, text: textOf(summary), failed: summary.equal !== summary.compared };
  },
};

function lineOf(event: RunEvent): string | undefined {
  switch (event.kind) {
    case 'built':
      return `built: flash ${formatCount(event.flashBytes)} B, static RAM ${formatCount(event.ramBytes)} B (measured, whole firmware)`;
    case 'connected':
      return `${event.board.name}: firmware ${event.hello.firmware}, arena ${formatCount(event.hello.arenaBytes)} B${event.energyBasis ? `\nenergy: ${event.energyBasis}` : ''}`;
    case 'prediction': {
      const truth = event.truth === undefined ? '' : event.truth === event.label ? '  right' : `  truth ${event.truth}`;
      return `${event.index < 0 ? '' : `#${event.index}  `}${event.label}  ${event.score.toFixed(3)}  ${formatTimeUs(event.us)}${event.energyUj === undefined ? '' : `  ${formatEnergyUj(event.energyUj)}`}${truth}${event.equalsHost === undefined ? '' : event.equalsHost ? '  = host' : '  DIFFERS from host'}`;
    }
    case 'text':
      return `| ${event.level ? `${event.level}: ` : ''}${event.text}`;
    case 'sensor':
      return sensorLine(event.sensor);
    case 'closed':
    case 'stage':
    case 'layers':
    case 'samples':
    case 'link':
      return undefined;
  }
}

function textOf({ samples, labelled, right, compared, equal, medianUs }: RunSummary): string {
  const accuracy = labelled ? `right ${right} of ${labelled}; ` : '';
  return `${samples} samples: ${accuracy}${compared ? `equal to host ${equal} of ${compared}; ` : ''}median ${formatTimeUs(medianUs)} per inference (measured)`;
}

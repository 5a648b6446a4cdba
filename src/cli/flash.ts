import path from 'node:path';
import { formatCount, formatTimeUs } from '../base/units';
import type { RunEvent, RunSummary } from '../app/run-contract';
import { runOnBoard } from '../app/run-on-board';
import { boards } from '../device/boards';
import { bindingsOf, bindOption } from './bind-option';
import { UsageError, type Command } from './command';
import { flashImageCommand } from './flash-image';
import { memoryOf, memoryOptions } from './memory-options';
import { cliRunDeps, countOption } from './run-deps';

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
    limit: { type: 'string', value: 'n', help: 'at most so many samples' },
    'build-dir': { type: 'string', value: 'dir', help: 'folder for the firmware build; otherwise in the temporary folder' },
  },
  positionals: 1,
  optional: (values) => values.image !== undefined,
  async run(input) {
    const { positionals: [model], values, task, say } = input;
    const boardId = values.board;
    if (typeof boardId !== 'string') throw new UsageError(`flash needs --board, one of: ${boards.map((b) => b.id).join(', ')}`);
    if (values.image !== undefined) {
      if (model !== undefined) throw new UsageError('flash takes a model or --image, not both');
      return flashImageCommand(input, boardId);
    }
    const events: RunEvent[] = [];
    const run = await runOnBoard(
      { path: path.resolve(model), bindings: bindingsOf(values.bind as string | undefined), memory: memoryOf(values), boardId, portPath: values.port as string | undefined, via: values.via as string | undefined, limit: countOption(values, 'limit'), data: values.data === undefined ? undefined : path.resolve(values.data as string) },
      cliRunDeps(values, task),
      task,
      (event) => {
        events.push(event);
        const line = lineOf(event);
        if (line !== undefined) say(line);
      },
    );
    const stop = (): void => void run.stop();
    task.signal.addEventListener('abort', stop, { once: true });
    const summary = await run.done;
    const json = { schema: 'tinyml-run/1', board: boardId, summary, events: events.filter((event) => event.kind !== 'stage') };
    return { json, text: textOf(summary), failed: summary.equal !== summary.samples };
  },
};

function lineOf(event: RunEvent): string | undefined {
  switch (event.kind) {
    case 'built':
      return `built: flash ${formatCount(event.flashBytes)} B, static RAM ${formatCount(event.ramBytes)} B (measured, whole firmware)`;
    case 'connected':
      return `${event.board.name}: firmware ${event.hello.firmware}, arena ${formatCount(event.hello.arenaBytes)} B`;
    case 'prediction': {
      const truth = event.truth === undefined ? '' : event.truth === event.label ? '  right' : `  truth ${event.truth}`;
      return `#${event.index}  ${event.label}  ${event.score.toFixed(3)}  ${formatTimeUs(event.us)}${truth}  ${event.equalsHost ? '= host' : 'DIFFERS from host'}`;
    }
    case 'text':
      return `| ${event.text}`;
    case 'closed':
    case 'stage':
    case 'layers':
    case 'link':
      return undefined;
  }
}

function textOf({ samples, labelled, right, equal, medianUs }: RunSummary): string {
  const accuracy = labelled ? `right ${right} of ${labelled}; ` : '';
  return `${samples} samples: ${accuracy}equal to host ${equal} of ${samples}; median ${formatTimeUs(medianUs)} per inference (measured)`;
}

import path from 'node:path';
import { toHex32 } from '../base/bytes';
import { shortened } from '../base/shorten';
import { formatCount } from '../base/units';
import type { Agreement, VerifyReport } from '../app/verify/verify-contract';
import { verifyOnBoard } from '../app/verify/verify-on-board';
import { bindingsOf, bindOption } from './bind-option';
import { UsageError, type Command } from './command';
import { memoryOf, memoryOptions } from './memory-options';
import { cliRunDeps, countOption } from './run-deps';
import { table } from './table';

export const verify: Command = {
  name: 'verify',
  usage: '<model> --board <id>',
  summary: 'run samples on float host, int8 host and board; where they differ, find the first layer',
  options: {
    board: { type: 'string', value: 'id', help: 'board to flash; `tinyml boards` lists them' },
    port: { type: 'string', value: 'path', help: 'serial port of a real board' },
    via: { type: 'string', value: 'way', help: 'another way of uploading than the usual one of the board' },
    samples: { type: 'string', value: 'n', help: 'at most so many test samples' },
    data: { type: 'string', value: 'path', help: 'data set; otherwise that of tinyml.json or beside the model' },
    float: { type: 'string', value: 'model', help: 'the float model; otherwise found by name (digits.int8.onnx: digits.onnx)' },
    ...bindOption,
    ...memoryOptions,
    'no-flash': { type: 'boolean', help: 'take the board on --port as it is: nothing is built or flashed' },
    'build-dir': { type: 'string', value: 'dir', help: 'folder for the firmware build; otherwise in the temporary folder' },
  },
  positionals: 1,
  async run({ positionals: [model], values, task, say }) {
    const text = (name: string): string | undefined => values[name] as string | undefined;
    const absolute = (name: string): string | undefined => (text(name) === undefined ? undefined : path.resolve(text(name)!));
    const boardId = text('board');
    if (boardId === undefined) throw new UsageError('verify needs --board; `tinyml boards` lists them');
    const report = await verifyOnBoard(
      { path: path.resolve(model), bindings: bindingsOf(text('bind')), memory: memoryOf(values), boardId, portPath: text('port'), via: text('via'), attach: values['no-flash'] === true, limit: countOption(values, 'samples'), data: absolute('data'), floatPath: absolute('float') },
      cliRunDeps(values, task),
      task,
      (event) => {
        if (event.kind === 'text') say(`| ${event.text}`);
      },
    );
    const { differences: _, ...json } = report; // results of one layer are enough: the first
    return { json, text: textOf(report), failed: !report.equal };
  },
};

const of = ({ equal, of: all }: Agreement): string => `${formatCount(equal)} of ${formatCount(all)}`;

function textOf(report: VerifyReport): string {
  const { labels, bytes, basis, layers } = report;
  const counts: [string, string][] = [
    ['label: board = host', of(labels.boardAndHost)],
    ...(labels.hostAndFloat ? [[`label: host = float (${report.floatModel})`, of(labels.hostAndFloat)] as [string, string]] : []),
    ['all output bytes: board = host', of(bytes)],
    ...(labels.right ? [['right on the board', of(labels.right.board)] as [string, string]] : []),
    ...(report.traced ? [[`layers equal, sample ${report.traced.sample}`, of(report.traced)] as [string, string]] : []),
  ];
  const width = Math.max(...counts.map(([name]) => name.length));
  return [
    report.verdict,
    '',
    ...counts.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
    ...(layers.length ? ['', layerTable(report)] : []),
    ...causeLines(report),
    '',
    `measured on ${report.board.name}: ${basis.firmware}, model ${toHex32(basis.modelHash)}, ${basis.compiler || 'as it was flashed'} ${basis.flags.filter((flag) => /^-(O|m)/.test(flag)).join(' ')}`,
  ].join('\n');
}

function layerTable({ layers, first }: VerifyReport): string {
  const rows = layers.map((layer) => [
    String(layer.index), shortened(layer.name, 40), layer.label, toHex32(layer.crc), layer.board.crc === layer.crc ? 'same' : toHex32(layer.board.crc),
    layer.differ === 'unknown' ? 'unknown' : formatCount(layer.differ), String(layer.max), layer.weightsEqual ? '' : 'other weights', first?.layer === layer.index ? '<- first' : '',
  ]);
  return table(['#', 'layer', 'op', 'crc host', 'crc board', 'differ', 'max', '', ''], rows, 'rlllrrrll');
}

function causeLines({ first }: VerifyReport): string[] {
  if (!first) return [];
  const { title, certainty, evidence, ruledOut } = first.cause;
  return ['', `likely cause: ${title} (${certainty})`, `  ${evidence}`, ...ruledOut.map((line) => `  ruled out: ${line}`)];
}

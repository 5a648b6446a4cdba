import path from 'node:path';
import { formatBytes, formatCount, formatEnergyUj, formatShape, formatTimeUs } from '../base/units';
import { formatProblem } from '../base/problem';
import { inspectModel } from '../app/inspect-model';
import { findBoard } from '../device/boards';
import type { InspectReport, TimeReport } from '../engine/cost/report';
import { bindingsOf, bindOption } from './bind-option';
import { readCalibration } from './calibrate';
import type { Command } from './command';
import { inputRowsOption, memoryOf, memoryOptions } from './memory-options';
import { stripsText } from './strips-text';
import { table } from './table';

export const inspect: Command = {
  name: 'inspect',
  usage: '<model>',
  summary: 'what a model costs, layer by layer',
  options: { ...bindOption, ...memoryOptions, ...inputRowsOption, board: { type: 'string', value: 'id', help: 'board whose kernels and limits count' }, calibration: { type: 'string', value: 'file', help: 'what `calibrate --json` measured on this board' } },
  positionals: 1,
  async run({ positionals: [model], values, task }) {
    const board = values.board as string | undefined;
    const bindings = bindingsOf(values.bind as string | undefined);
    const calibration = typeof values.calibration === 'string' ? await readCalibration(values.calibration, board) : undefined;
    const report = await inspectModel({ path: path.resolve(model), board, bindings, calibration, memory: memoryOf(values) }, task);
    return { json: report, text: textOf(report, board) };
  },
};

function textOf(report: InspectReport, boardId: string | undefined): string {
  const { model, totals } = report;
  const atLeast = totals.lowerBound ? '≥ ' : '';
  const port = (p: InspectReport['model']['inputs'][number]): string => `${p.name} ${p.dtype} ${formatShape(p.shape)}`;
  const rows = report.layers.map((layer) => [
    String(layer.index), layer.name, layer.label, formatShape(layer.outputShape),
    layer.counted ? formatCount(layer.macs) : 'unknown', formatCount(layer.weightBytes), formatCount(layer.liveBytes),
    ...(report.time ? [layer.timeUs === undefined ? 'unknown' : formatTimeUs(layer.timeUs)] : []),
  ]);
  const board = boardId ? findBoard(boardId) : undefined;
  const limit = (used: number, most: { readonly value: number } | undefined): string =>
    most ? `  of ${formatBytes(most.value)} on ${board!.name}${used > most.value ? ': DOES NOT FIT' : ''}` : '';
  return [
    `${model.name}: ${model.format.toUpperCase()}, ${model.arithmetic}, ${totals.layers} layers, file ${formatCount(model.fileBytes)} B`,
    `in   ${model.inputs.map(port).join(', ')}`,
    `out  ${model.outputs.map(port).join(', ')}`,
    '',
    table(['#', 'layer', 'op', 'output', 'MACs', 'flash B', 'RAM B', ...(report.time ? ['time'] : [])], rows, 'rllrrrrr'),
    '',
    `parameters  ${atLeast}${formatCount(totals.params)}`,
    `MACs        ${atLeast}${formatCount(totals.macs)} (exact)`,
    `flash       ${atLeast}${formatBytes(totals.flashBytes)} (modelled; weights ${formatCount(totals.weightBytes)} B exact)${limit(totals.flashBytes, board?.flashBytes)}`,
    `peak RAM    ${atLeast}${formatBytes(totals.ramBytes)} (exact: the arena of the generated C, ${formatCount(totals.ramBytes)} B)${limit(totals.ramBytes, board?.ramBytes)}`,
    ...arenaLines(report),
    ...(report.time ? timeLines(report.time) : []),
    ...report.problems.map((problem) => `\n${formatProblem(problem)}`),
  ].join('\n');
}

/** Bound and gap of the arena, and what order and strips have brought, where they have. */
function arenaLines({ arena }: InspectReport): string[] {
  const { bytes, liveBoundBytes, order, strips } = arena;
  const gap = bytes > liveBoundBytes ? `, ${formatCount(bytes - liveBoundBytes)} B above` : ', reached';
  return [
    `bound       ${formatCount(liveBoundBytes)} B live at once in this order${gap}${order.isOptimal ? '; no order has a lower peak' : ''}`,
    ...(order.isChanged ? [`order       changed: ${formatCount(order.fileOrderBytes - bytes)} B less than in the file's order`] : []),
    ...(strips ? [`strips      ${stripsText(strips)}`] : []),
  ];
}

function timeLines({ us, energyUj, basis, lowerBound, how }: TimeReport): string[] {
  const atLeast = lowerBound ? '≥ ' : '';
  return [
    `time        ${atLeast}${formatTimeUs(us)} (${basis})`,
    ...(energyUj === undefined ? [] : [`energy      ${atLeast}${formatEnergyUj(energyUj)} (${basis})`]),
    ...how.map((sentence) => `  ${sentence}`),
  ];
}

import path from 'node:path';
import { compareAccuracy } from '../app/compare-accuracy';
import { compareModels } from '../app/compare-models';
import { formatChange, formatCount, formatPercent, formatShape } from '../base/units';
import { isChanged } from '../engine/cost/compare';
import { compareSentence } from '../engine/cost/compare-sentence';
import type { ComparedAccuracy, ComparedLayer, ComparedTotal, CompareReport } from '../engine/cost/compare-report';
import { shortName } from '../engine/cost/short-name';
import { bindingsOf, bindOption } from './bind-option';
import type { Command } from './command';
import { table } from './table';

export const compare: Command = {
  name: 'compare',
  usage: '<before> <after>',
  summary: 'what the second model costs more or less than the first, layer by layer',
  options: { ...bindOption, board: { type: 'string', value: 'id', help: 'board whose kernels count' }, changed: { type: 'boolean', help: 'list only the layers that differ' }, accuracy: { type: 'boolean', help: 'run both on the labelled test samples' }, data: { type: 'string', value: 'path', help: 'data set; otherwise that of tinyml.json or beside the first model' } },
  positionals: 2,
  async run({ positionals: [before, after], values, task }) {
    const bindings = bindingsOf(values.bind as string | undefined);
    const side = (model: string): { path: string; bindings: typeof bindings } => ({ path: path.resolve(model), bindings });
    const costs = await compareModels({ before: side(before), after: side(after), board: values.board as string | undefined }, task);
    const data = values.data === undefined ? undefined : path.resolve(values.data as string);
    const report = values.accuracy || data ? { ...costs, accuracy: await compareAccuracy({ before: side(before), after: side(after), data }, task) } : costs;
    return { json: report, text: textOf(report, values.changed === true) };
  },
};

function textOf(report: CompareReport, onlyChanged: boolean): string {
  const shown = onlyChanged ? report.layers.filter(isChanged) : report.layers;
  return [
    `${report.before.name} → ${report.after.name}: ${compareSentence(report)}`,
    '',
    table(['', 'before', 'after', 'change', '', ''], report.totals.map(totalRow), 'lrrrrl'),
    '',
    table(['#', 'layer', 'op', 'output', 'MACs', 'change', 'flash B', 'change', 'RAM B', 'change', 'matched by'], shown.map(layerRow), 'rlllrrrrrrl'),
    '',
    ...accuracyLines(report.accuracy),
    `${formatCount(report.matched)} of ${formatCount(report.layers.length)} layers matched, ${formatCount(report.changed)} differ`,
  ].join('\n');
}

function totalRow({ id, title, unit, before, after, change, basis }: ComparedTotal): string[] {
  const share = change === null || !before ? '' : `${formatChange(Math.round((change / before) * 1000) / 10, 1)} %`;
  return [unit ? `${title} ${unit}` : title, ...(id === 'timeUs' ? [msOf(before), msOf(after), change === null ? '' : formatChange(change / 1000, 2)] : [countOf(before), countOf(after), changeOf(change)]), share, basis];
}

function accuracyLines(accuracy: ComparedAccuracy | undefined): string[] {
  if (!accuracy) return [];
  const { before, after, changed, classes = [] } = accuracy;
  const share = ({ right, total }: ComparedAccuracy['before']): string => `${formatPercent(right / total)} (${formatCount(right)} of ${formatCount(total)})`;
  const rows = classes.map(({ label, total, before: was, after: is }) => [label, formatCount(total), formatPercent(was / total), formatPercent(is / total), formatChange(((is - was) / total) * 100, 1)]);
  return [
    `Accuracy ${share(before)} → ${share(after)}${changed ? `: ${formatCount(changed.worse)} became wrong, ${formatCount(changed.better)} right` : ''}`,
    '',
    ...(rows.length ? [table(['class', 'samples', 'recall before', 'after', 'points'], rows, 'lrrrr'), ''] : []),
  ];
}

const msOf = (us: number | null): string => (us === null ? 'unknown' : (us / 1000).toFixed(2));

const countOf = (value: number | null | undefined): string => (value === null || value === undefined ? 'unknown' : formatCount(value));
const changeOf = (value: number | null): string => (value === null ? '' : formatChange(value));

/** `64 → 52` where the two differ, else the one. */
const both = (before: string | undefined, after: string | undefined): string => (before === undefined || after === undefined || before === after ? (after ?? before ?? '') : `${before} → ${after}`);

function layerRow({ before, after, by, change }: ComparedLayer): string[] {
  const shown = (after ?? before)!;
  const cost = (value: number): string => (shown.counted ? formatCount(value) : 'unknown');
  return [
    after ? String(after.index) : '', shortName(shown.name), both(before?.label, after?.label),
    both(before && formatShape(before.outputShape), after && formatShape(after.outputShape)),
    cost(shown.macs), changeOf(change.macs), cost(shown.weightBytes), changeOf(change.weightBytes), cost(shown.liveBytes), changeOf(change.liveBytes),
    by ?? (after ? 'only after' : 'only before'),
  ];
}

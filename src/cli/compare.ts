import path from 'node:path';
import { compareModels } from '../app/compare-models';
import { formatChange, formatCount, formatShape } from '../base/units';
import { isChanged } from '../engine/cost/compare';
import { compareSentence } from '../engine/cost/compare-sentence';
import type { ComparedLayer, ComparedTotal, CompareReport } from '../engine/cost/compare-report';
import { shortName } from '../engine/cost/short-name';
import { bindingsOf, bindOption } from './bind-option';
import type { Command } from './command';
import { table } from './table';

export const compare: Command = {
  name: 'compare',
  usage: '<before> <after>',
  summary: 'what the second model costs more or less than the first, layer by layer',
  options: { ...bindOption, board: { type: 'string', value: 'id', help: 'board whose kernels count' }, changed: { type: 'boolean', help: 'list only the layers that differ' } },
  positionals: 2,
  async run({ positionals: [before, after], values, task }) {
    const bindings = bindingsOf(values.bind as string | undefined);
    const side = (model: string): { path: string; bindings: typeof bindings } => ({ path: path.resolve(model), bindings });
    const report = await compareModels({ before: side(before), after: side(after), board: values.board as string | undefined }, task);
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
    `${formatCount(report.matched)} of ${formatCount(report.layers.length)} layers matched, ${formatCount(report.changed)} differ`,
  ].join('\n');
}

function totalRow({ id, title, unit, before, after, change, basis }: ComparedTotal): string[] {
  const share = change === null || !before ? '' : `${formatChange(Math.round((change / before) * 1000) / 10, 1)} %`;
  return [unit ? `${title} ${unit}` : title, ...(id === 'timeUs' ? [msOf(before), msOf(after), change === null ? '' : formatChange(change / 1000, 2)] : [countOf(before), countOf(after), changeOf(change)]), share, basis];
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

import { formatCount, formatEnergyUj, formatTimeUs } from '../../base/units';
import type { InspectReport } from '../../engine/cost/report';
import { fieldsOf } from './layer-rows';

const UNKNOWN = 'unknown';

/** A cell after RFC 4180: quoted where it holds a comma, a quote or a line end. A leading sign is no formula in a spreadsheet. */
export const csvCell = (value: string | number): string => {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
};

export const csvLines = (rows: readonly (readonly (string | number)[])[]): string => `${rows.map((row) => row.map(csvCell).join(',')).join('\r\n')}\r\n`;

/** The layers with plain numbers, for spreadsheets and scripts; unknown costs are the word. No line of totals: a spreadsheet sums. */
export function csvOf(report: InspectReport): string {
  const fields = fieldsOf(report);
  return csvLines([fields.map(({ title }) => title), ...report.layers.map((layer) => fields.map(({ value }) => value(layer) ?? UNKNOWN))]);
}

/** Text inside a cell of a Markdown table. */
const markdownCell = (text: string): string => text.replace(/[|\\`*_<>[\]]/g, '\\$&').replace(/\r?\n/g, ' ');

export function markdownTable(heads: readonly string[], isNumber: readonly boolean[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), line(isNumber.map((right) => (right ? '---:' : '---'))), ...rows.map((row) => line(row.map(markdownCell)))].join('\n');
}

/** Totals and layers, for a pull request or a report. */
export function markdownOf(report: InspectReport, board: string | undefined): string {
  const { model, totals, time } = report;
  const fields = fieldsOf(report);
  const atLeast = totals.lowerBound ? '≥ ' : '';
  const text = (value: string | number | null): string => (value === null ? UNKNOWN : typeof value === 'number' ? formatCount(value) : value);
  const rows = report.layers.map((layer) => fields.map(({ title, value }) => (title === '#' ? String(value(layer)) : text(value(layer)))));
  const total = fields.map(({ title, total: sum }) => (title === 'Layer' ? 'Total' : sum ? `${title === 'RAM B' ? 'peak ' : ''}${atLeast}${formatCount(sum(report))}` : ''));
  return [
    `## ${markdownCell(model.name)}`,
    '',
    `${model.format.toUpperCase()}, ${model.arithmetic}, ${formatCount(totals.layers)} layers, file ${formatCount(model.fileBytes)} B. ${board ? `Board: ${board}.` : 'Portable C.'}`,
    '',
    `- MACs: ${atLeast}${formatCount(totals.macs)} (${totals.basis.macs})`,
    `- Flash: ${atLeast}${formatCount(totals.flashBytes)} B (${totals.basis.flashBytes}; weights ${formatCount(totals.weightBytes)} B ${totals.basis.weightBytes})`,
    `- Peak RAM: ${atLeast}${formatCount(totals.ramBytes)} B (${totals.basis.ramBytes})`,
    ...(time ? [`- Time: ${time.lowerBound ? '≥ ' : ''}${formatTimeUs(time.us)} (${time.basis})`, ...(time.energyUj === undefined ? [] : [`- Energy: ${time.lowerBound ? '≥ ' : ''}${formatEnergyUj(time.energyUj)} (${time.basis})`])] : []),
    '',
    markdownTable(fields.map(({ title }) => title), fields.map(({ isNumber }) => isNumber), [...rows, total]),
    '',
    'How these figures were made, and how far off such figures have been:',
    '',
    ...[`Flash: ${totals.how.flashBytes}`, `RAM: ${totals.how.ramBytes}`, `MACs: ${totals.how.macs}`, ...(time?.how ?? [])].map((sentence) => `- ${markdownCell(sentence)}`),
    '',
  ].join('\n');
}

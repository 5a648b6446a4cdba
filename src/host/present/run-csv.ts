import type { DeviceSnapshot } from '../../messages/device';

/** A field as RFC 4180 wants it. */
const field = (value: string | number | boolean | undefined): string => {
  const text = value === undefined ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
};

/** A run as one table: predictions with all scores, series points, and printed lines, in the order of time. */
export function runCsv({ labels, predictions, texts, series }: DeviceSnapshot): string {
  const classes = Math.max(0, ...predictions.map(({ scores }) => scores.length));
  const names = Array.from({ length: classes }, (_, i) => `score ${labels[i] ?? i}`);
  const width = 9;
  const rows: { readonly at: number; readonly cells: readonly (string | number | boolean | undefined)[] }[] = [
    ...predictions.map(({ at, number, sample, label, truth, us, equalsHost, score, scores }) => ({ at, cells: ['prediction', number, sample, label, truth, score, us, equalsHost, ...scores] })),
    ...series.flatMap(({ name, points }) => points.map(([at, value]) => ({ at, cells: ['series', undefined, undefined, name, undefined, value] }))),
    ...texts.map(({ at, text }) => ({ at, cells: ['text', undefined, undefined, text] })),
  ];
  const header = ['time', 'kind', 'number', 'sample', 'name', 'truth', 'value', 'us', 'equals host', ...names];
  const lines = rows
    .sort((a, b) => a.at - b.at)
    .map(({ at, cells }) => [new Date(at).toISOString(), ...cells, ...Array<undefined>(Math.max(0, width + classes - 1 - cells.length))].slice(0, header.length).map(field).join(','));
  return `${[header.map(field).join(','), ...lines].join('\r\n')}\r\n`;
}

/** A text table; `alignment` has one letter a column, l or r. */
export function table(header: readonly string[], rows: readonly (readonly string[])[], alignment: string): string {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, column) => (alignment[column] === 'r' ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))).join('  ').trimEnd();
  return [header, ...rows].map(line).join('\n');
}

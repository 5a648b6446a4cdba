/**
 * Row that a key leads to from row `at` (-1: none selected), of `count` rows; undefined where the key does not move.
 */
export function rowAfterKey(key: string, at: number, count: number, pageRows: number): number | undefined {
  if (!count) return undefined;
  const clamp = (row: number): number => Math.min(count - 1, Math.max(0, row));
  const moves: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at < 0 ? count - 1 : at - 1,
    PageDown: Math.max(at, 0) + pageRows,
    PageUp: at - pageRows,
    Home: 0,
    End: count - 1,
  };
  return Object.hasOwn(moves, key) ? clamp(moves[key]) : undefined;
}

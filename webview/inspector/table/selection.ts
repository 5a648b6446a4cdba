/** Rows that are selected: the one in front, and others. */
export interface Selection {
  readonly selected: number | null;
  readonly more: readonly number[];
}

export const keysOf = ({ selected, more }: Selection): ReadonlySet<number> => new Set(selected === null ? more : [selected, ...more]);

/** A click: alone, with Ctrl or Cmd (adds or takes away), with Shift (all rows from the one in front). */
export function afterClick(before: Selection, key: number, order: readonly number[], event: { readonly shiftKey: boolean; readonly ctrlKey: boolean; readonly metaKey: boolean }): Selection {
  if (event.shiftKey && before.selected !== null) return range(before, key, order);
  if (!event.ctrlKey && !event.metaKey) return { selected: key, more: [] };
  const keys = keysOf(before);
  if (!keys.has(key)) return { selected: key, more: [...keys] };
  const left = [...keys].filter((other) => other !== key);
  return { selected: left[0] ?? null, more: left.slice(1) };
}

/** All rows between the far end of the present range and `key`, which comes to the front. */
export function range(before: Selection, key: number, order: readonly number[]): Selection {
  const anchor = before.more.length ? before.more[before.more.length - 1] : before.selected!;
  const [a, b] = [order.indexOf(anchor), order.indexOf(key)];
  if (a < 0 || b < 0) return { selected: key, more: [] };
  const inside = order.slice(Math.min(a, b), Math.max(a, b) + 1).filter((other) => other !== key && other !== anchor);
  // The anchor stands last: the next range starts from it again.
  return { selected: key, more: anchor === key ? [] : [...inside, anchor] };
}

/**
 * The choice that somebody meant who wrote `text`: the one with the fewest letters changed, put in, left out or swapped
 * (Damerau and Levenshtein's distance of adjacent swaps), or one that begins with it. Undefined where none is near: more than a
 * third of the letters are other ones.
 */
export function nearest(text: string, choices: readonly string[]): string | undefined {
  const wanted = text.toLowerCase();
  const most = Math.max(1, Math.floor(wanted.length / 3));
  let best: { readonly choice: string; readonly distance: number } | undefined;
  for (const choice of choices) {
    const known = choice.toLowerCase();
    const isPart = wanted.length >= 3 && (known.startsWith(wanted) || known.split(/[-_./\s]/).includes(wanted));
    const distance = isPart ? Math.min(1, changes(wanted, known)) : changes(wanted, known);
    if (distance <= most && (!best || distance < best.distance)) best = { choice, distance };
  }
  return best?.choice;
}

/** `; did you mean --board?`, or nothing. */
export const didYouMean = (text: string, choices: readonly string[], before = ''): string => {
  const near = nearest(text, choices);
  return near === undefined ? '' : `; did you mean ${before}${near}?`;
};

function changes(a: string, b: string): number {
  let [older, old] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(old[j] + 1, row[j - 1] + 1, old[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1), isSwap ? older[j - 2] + 1 : Infinity);
    }
    [older, old] = [old, row];
  }
  return old[b.length];
}

import type { LayerView, WeightsView } from '../../../src/messages/inspector';
import { flags, numberFields, textFields, wordMatches, type FilterRow } from './fields';
import type { Comparison, Filter, Term } from './parse';

const compare: Readonly<Record<Comparison, (a: number, b: number) => boolean>> = {
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '=': (a, b) => a === b,
};

/** Layers that every term holds for, in their order; the same array where there is no term. `top` counts among what the others leave. */
export function filterLayers(layers: readonly LayerView[], { terms }: Filter, weights?: ReadonlyMap<number, WeightsView>): readonly LayerView[] {
  if (!terms.length) return layers;
  const rows = layers.map((layer): FilterRow => ({ layer, weights: weights?.get(layer.index) }));
  const tests = terms.filter((term) => term.kind !== 'top').map((term) => testOf(term, rows));
  let left = rows.filter((row) => tests.every((test) => test(row)));
  for (const term of terms) if (term.kind === 'top') left = topOf(left, term.field, term.count);
  return left.map(({ layer }) => layer);
}

function testOf(term: Exclude<Term, { kind: 'top' }>, rows: readonly FilterRow[]): (row: FilterRow) => boolean {
  if (term.kind === 'number') {
    const { value } = numberFields[term.field];
    const limit = term.share ? term.value * wholeOf(rows, term.field) : term.value;
    // Neither the comparison nor its opposite holds for what is not known.
    return (row) => {
      const number = value(row);
      return number !== null && compare[term.comparison](number, limit) !== term.negated;
    };
  }
  const holds = holdsOf(term);
  return (row) => holds(row) !== term.negated;
}

function holdsOf(term: Exclude<Term, { kind: 'top' | 'number' }>): (row: FilterRow) => boolean {
  if (term.kind === 'flag') return flags[term.flag].matches;
  if (term.kind === 'text') return (row) => term.any.some((wanted) => textFields[term.field].matches(row, wanted));
  return (row) => term.any.some((wanted) => wordMatches(row, wanted));
}

function wholeOf(rows: readonly FilterRow[], field: string): number {
  const { value, whole } = numberFields[field];
  const known = rows.map((row) => value(row) ?? 0);
  return whole === 'peak' ? known.reduce((most, n) => Math.max(most, n), 0) : known.reduce((sum, n) => sum + n, 0);
}

/** The rows with the largest values, in their order; equal ones go by their place. */
function topOf(rows: readonly FilterRow[], field: string, count: number): FilterRow[] {
  const { value } = numberFields[field];
  const best = new Set(rows.filter((row) => value(row) !== null).sort((a, b) => value(b)! - value(a)!).slice(0, count));
  return rows.filter((row) => best.has(row));
}

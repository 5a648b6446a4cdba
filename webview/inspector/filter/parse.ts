import { elsewhere, flags, numberFields, textFields, type Unit } from './fields';

export type Comparison = '>' | '>=' | '<' | '<=' | '=';

/** One thing that a layer must be, or must not be. Places are those in the text, for underlining. */
export type Term = { readonly from: number; readonly to: number } & (
  | { readonly kind: 'word'; readonly negated: boolean; readonly any: readonly string[] }
  | { readonly kind: 'text'; readonly negated: boolean; readonly field: string; readonly any: readonly string[] }
  | { readonly kind: 'number'; readonly negated: boolean; readonly field: string; readonly comparison: Comparison; readonly value: number; readonly share: boolean }
  | { readonly kind: 'flag'; readonly negated: boolean; readonly flag: string }
  | { readonly kind: 'top'; readonly count: number; readonly field: string }
);

export interface FilterError {
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

export interface Filter {
  readonly terms: readonly Term[];
  /** Terms that cannot be read: the others still apply. */
  readonly errors: readonly FilterError[];
}

/** A run of characters between spaces outside of quotes. */
export interface Token {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export function tokensOf(text: string): readonly Token[] {
  return [...text.matchAll(/(?:"[^"]*"?|[^\s"])+/g)].map((match) => ({ from: match.index, to: match.index + match[0].length, text: match[0] }));
}

/** Factors of units, by what is measured; times in µs, bytes in bytes. */
const units: Readonly<Record<Unit, Readonly<Record<string, number>>>> = {
  count: { '': 1, k: 1e3, m: 1e6, g: 1e9 },
  bytes: { '': 1, b: 1, k: 1024, kib: 1024, mib: 1024 ** 2, kb: 1000, mb: 1e6 },
  time: { '': 1000, us: 1, µs: 1, ms: 1000, s: 1e6 },
};

/**
 * `op:conv|dw macs>1M !over "block 2" top:5 time`: terms are joined by AND, `|` is OR inside a term, `!` or `-` negates,
 * quotes keep spaces.
 */
export function parseFilter(text: string): Filter {
  const terms: Term[] = [];
  const errors: FilterError[] = [];
  const tokens = tokensOf(text);
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    const top = /^top:(.*)$/i.exec(token.text);
    const found = top ? topTerm(token, top[1], tokens[i + 1]) : termOf(token);
    if ('message' in found) errors.push(found);
    else terms.push(found);
    if (top && !('message' in found)) i++;
  }
  return { terms, errors };
}

const wrong = ({ from, to }: Token, message: string): FilterError => ({ from, to, message });

/** `top:5 time`: the column is the word behind it. */
function topTerm(token: Token, text: string, next: Token | undefined): Term | FilterError {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) return wrong(token, 'top: takes a count, as in top:5 macs');
  const field = next?.text.toLowerCase();
  if (field === undefined || !Object.hasOwn(numberFields, field)) return wrong(token, `top:${count} needs a column behind it: ${Object.keys(numberFields).join(', ')}`);
  return { from: token.from, to: next!.to, kind: 'top', count, field };
}

function termOf(token: Token): Term | FilterError {
  const negated = /^[!-]./.test(token.text);
  const text = negated ? token.text.slice(1) : token.text;
  const place = { from: token.from, to: token.to };
  const compared = /^([a-z]+)(>=|<=|>|<|=)(.*)$/i.exec(text);
  if (compared) return numberTerm(token, negated, compared[1].toLowerCase(), compared[2] as Comparison, compared[3]);
  const keyed = /^([a-z]+):(.*)$/i.exec(text);
  if (keyed) {
    const field = keyed[1].toLowerCase();
    if (Object.hasOwn(textFields, field)) {
      const any = alternatives(keyed[2]);
      return any.length ? { ...place, kind: 'text', negated, field, any } : wrong(token, `${field}: needs a value, as in ${field}:${field === 'op' ? 'conv' : field === 'dtype' ? 'int8' : '"block 2"'}`);
    }
    if (Object.hasOwn(numberFields, field)) return wrong(token, `${field} is a number: compare it, as in ${field}>1k`);
    return wrong(token, Object.hasOwn(elsewhere, field) ? elsewhere[field] : `There is no ${field}: ; known are ${Object.keys(textFields).join(', ')}`);
  }
  const word = text.toLowerCase();
  if (Object.hasOwn(flags, word)) return { ...place, kind: 'flag', negated, flag: word };
  if (Object.hasOwn(elsewhere, word)) return wrong(token, elsewhere[word]);
  const any = alternatives(text);
  return any.length ? { ...place, kind: 'word', negated, any } : wrong(token, 'There is nothing between the quotes');
}

function numberTerm(token: Token, negated: boolean, field: string, comparison: Comparison, text: string): Term | FilterError {
  if (Object.hasOwn(elsewhere, field)) return wrong(token, elsewhere[field]);
  if (!Object.hasOwn(numberFields, field)) return wrong(token, `There is no number ${field}; known are ${Object.keys(numberFields).join(', ')}`);
  const { unit, whole } = numberFields[field];
  const parts = /^([0-9][0-9,]*(?:\.[0-9]+)?|\.[0-9]+)\s*([a-zµ%]*)$/i.exec(text);
  if (!parts) return wrong(token, `${field}${comparison} needs a number behind it`);
  const number = Number(parts[1].replace(/,/g, ''));
  const suffix = parts[2].toLowerCase();
  const place = { from: token.from, to: token.to, kind: 'number' as const, negated, field, comparison };
  if (suffix === '%') {
    // `zeros` is a share by itself.
    if (field === 'zeros') return { ...place, value: number / 100, share: false };
    return whole ? { ...place, value: number / 100, share: true } : wrong(token, `${field} has no total to take a share of`);
  }
  const factor = units[unit][suffix];
  if (factor === undefined) return wrong(token, `${parts[2]} is no unit of ${field}; known are ${Object.keys(units[unit]).filter(Boolean).join(', ')}${whole ? ', %' : ''}`);
  return { ...place, value: number * factor, share: false };
}

/** `conv|"block 2"` -> conv, block 2 */
const alternatives = (text: string): readonly string[] => [...text.matchAll(/"([^"]*)"?|([^|"]+)/g)].map((match) => match[1] ?? match[2]).filter(Boolean);

/** True where a term asks for what only counted weights tell. */
export const needsWeights = ({ terms }: Filter): boolean => terms.some((term) => (term.kind === 'number' || term.kind === 'top') && numberFields[term.field].needsWeights === true);

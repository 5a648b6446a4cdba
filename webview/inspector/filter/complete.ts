import { flags, numberFields, textFields, type FilterRow } from './fields';
import { tokensOf } from './parse';

export interface Completion {
  readonly text: string;
  readonly help: string;
}

export interface Completions {
  /** What an accepted completion replaces. */
  readonly from: number;
  readonly to: number;
  readonly items: readonly Completion[];
}

const keys: readonly Completion[] = [
  ...Object.entries(textFields).map(([name, { help }]) => ({ text: `${name}:`, help })),
  ...Object.entries(numberFields).map(([name, { help }]) => ({ text: `${name}>`, help })),
  ...Object.entries(flags).map(([name, { help }]) => ({ text: name, help })),
  { text: 'top:5 macs', help: 'the five largest' },
];

const quoted = (text: string): string => (/[\s|]/.test(text) ? `"${text}"` : text);

/** What may stand at the caret: keys of the language, and after a colon the model's own values. */
export function completionsAt(text: string, caret: number, rows: readonly FilterRow[]): Completions {
  const token = tokensOf(text).find(({ from, to }) => from < caret && caret <= to);
  const typed = token ? text.slice(token.from, caret) : '';
  const sign = /^[!-]/.exec(typed)?.[0] ?? '';
  const body = typed.slice(sign.length).toLowerCase();
  const keyed = /^([a-z]+):(?:.*\|)?([^|]*)$/.exec(body);
  const field = keyed && Object.hasOwn(textFields, keyed[1]) ? textFields[keyed[1]] : undefined;
  if (keyed && field) {
    const items = (field.values?.(rows) ?? []).filter((value) => value.startsWith(keyed[2]) && value !== keyed[2]);
    return { from: caret - keyed[2].length, to: token!.to, items: items.map((value) => ({ text: quoted(value), help: '' })) };
  }
  const items = keys.filter((key) => key.text.startsWith(body) && key.text !== body);
  return { from: (token?.from ?? caret) + sign.length, to: token?.to ?? caret, items: body ? items : [] };
}

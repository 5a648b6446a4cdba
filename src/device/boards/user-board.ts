import { didYouMean } from '../../base/nearest';
import { ProblemError, type Problem } from '../../base/problem';
import { formatCount } from '../../base/units';
import type { Board, UsbId } from './board';

/** Boards of the user's own, from a JSON file: figures over a board that exists. Nothing in them can name a program or an argument. */
interface Field {
  readonly kind: 'text' | 'number' | 'usb';
  readonly from: number;
  readonly to: number;
  readonly pattern?: RegExp;
}

/** As schemas/board.schema.json; a test holds the two together. Lengths for text, values for numbers, counts for lists. */
export const userBoardFields: Readonly<Record<string, Field>> = {
  $schema: { kind: 'text', from: 0, to: 500 },
  id: { kind: 'text', from: 2, to: 40, pattern: /^[a-z][a-z0-9-]{1,39}$/ },
  name: { kind: 'text', from: 1, to: 80 },
  like: { kind: 'text', from: 1, to: 80 },
  description: { kind: 'text', from: 0, to: 200 },
  clockHz: { kind: 'number', from: 1000, to: 1e10 },
  flashBytes: { kind: 'number', from: 1024, to: 2 ** 30 },
  ramBytes: { kind: 'number', from: 128, to: 2 ** 30 },
  usb: { kind: 'usb', from: 0, to: 20 },
};

const required = ['id', 'name', 'like'];

/** @throws ProblemError naming every field that is wrong. */
export function readUserBoard(path: string, text: string, known: readonly Board[]): Board {
  const wrong: string[] = [];
  const json = parse(text, wrong);
  for (const name of required) if (json[name] === undefined) wrong.push(`${name} is missing`);
  for (const [name, value] of Object.entries(json)) {
    const field = Object.hasOwn(userBoardFields, name) ? userBoardFields[name] : undefined;
    if (!field) wrong.push(`${name} is not a field of a board${didYouMean(name, Object.keys(userBoardFields))}`);
    else if (!fits(field, value)) wrong.push(`${name} is ${JSON.stringify(value)?.slice(0, 60)}: ${expected(field)}`);
  }
  const like = known.find((board) => board.id === json.like);
  if (typeof json.like === 'string' && !like) wrong.push(`there is no board "${json.like}" to be like${didYouMean(json.like, known.map(({ id }) => id))}`);
  if (known.some((board) => board.id === json.id)) wrong.push(`"${String(json.id)}" is the id of a board that exists`);
  if (wrong.length || !like) throw new ProblemError(badBoardFile(path, wrong));
  const sourced = (name: 'clockHz' | 'flashBytes' | 'ramBytes'): Board['clockHz'] => (json[name] === undefined ? like[name] : { value: json[name] as number, source: path });
  return {
    ...like,
    id: json.id as string,
    name: json.name as string,
    description: (json.description as string | undefined) ?? `Like ${like.name}, with figures of your own.`,
    clockHz: sourced('clockHz'),
    flashBytes: sourced('flashBytes'),
    ramBytes: sourced('ramBytes'),
    usb: (json.usb as UsbId[] | undefined) ?? like.usb,
    ...(json.usb === undefined ? {} : { usbSource: path, bootUsb: undefined }),
  };
}

function parse(text: string, wrong: string[]): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown>;
    wrong.push('it is not an object');
  } catch (error) {
    wrong.push(error instanceof Error ? error.message : String(error));
  }
  return {};
}

function fits({ kind, from, to, pattern }: Field, value: unknown): boolean {
  if (kind === 'text') return typeof value === 'string' && value.length >= from && value.length <= to && (!pattern || pattern.test(value));
  if (kind === 'number') return Number.isInteger(value) && (value as number) >= from && (value as number) <= to;
  const isId = (id: unknown): boolean => Number.isInteger(id) && (id as number) >= 0 && (id as number) <= 0xffff;
  const isUsb = (entry: unknown): boolean =>
    typeof entry === 'object' && entry !== null && Object.keys(entry).sort().join() === 'productId,vendorId' && Object.values(entry).every(isId);
  return Array.isArray(value) && value.length <= to && value.every(isUsb);
}

/** What a field takes, for who wrote something else. */
function expected({ kind, from, to, pattern }: Field): string {
  if (kind === 'number') return `a whole number from ${formatCount(from)} to ${formatCount(to)} is expected`;
  if (kind === 'usb') return `a list of at most ${to} { "vendorId", "productId" } is expected, numbers from 0 to 65,535`;
  return pattern ? 'small letters, digits and - are expected, a letter first, 2 to 40 of them' : `a text of ${from} to ${to} characters is expected`;
}

export const badBoardFile = (path: string, wrong: readonly string[]): Problem => ({
  code: 'TINYML-BOARD-FILE',
  severity: 'error',
  title: 'This file does not describe a board',
  detail: wrong.join('\n'),
  where: { path },
  fixes: [{ title: 'Correct the file; the editor marks what its schema does not allow' }],
});

/** Text that may stand in C sources, whatever the model file says. */

const keywords = new Set(
  ('auto break case char const continue default do double else enum extern float for goto if inline int long register restrict return short signed sizeof static ' +
    'struct switch typedef union unsigned void volatile while _Bool _Complex _Imaginary asm and and_eq bitand bitor bool catch class compl const_cast delete ' +
    'dynamic_cast explicit export false friend mutable namespace new not not_eq operator or or_eq private protected public reinterpret_cast static_cast template ' +
    'this throw true try typeid typename using virtual wchar_t xor xor_eq main').split(' '),
);

/** Headers that a model's own would stand in for, where the compiler looks into its folder first; Arduino.h on disks that take `a` for `A`. */
const headers = new Set(
  ('arduino assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign stdarg stdatomic stdbool stddef stdint stdio stdlib ' +
    'stdnoreturn string tgmath threads time uchar wchar wctype').split(' '),
);

/** Longest part of a name that we keep: C99 promises 31 significant characters for external names, all compilers we know more. */
const MAX_LENGTH = 48;

/** A C identifier made from any text; never empty, never a keyword, never reserved, never one of the kernels' names or a header's. */
export function cIdentifier(text: string, fallback = 'model'): string {
  const clean = text.replace(/[^A-Za-z0-9_]+/g, '_').replace(/_+/g, '_').replace(/^_+|_+$/g, '').slice(-MAX_LENGTH).replace(/^_+/, '').toLowerCase();
  const named = clean === '' ? fallback : clean;
  return /^([0-9]|tml(_|$))/.test(named) || keywords.has(named) || headers.has(named) ? `${fallback}_${named}` : named;
}

/** Gives every name once: a repeated one gets a number. */
export function uniqueNames(): (wanted: string) => string {
  const taken = new Set<string>();
  return (wanted) => {
    let name = wanted;
    for (let n = 2; taken.has(name); n++) name = `${wanted}_${n}`;
    taken.add(name);
    return name;
  };
}

/** Text for a block comment: printable ASCII, no comment ends, no trigraphs. */
export const cComment = (text: string): string =>
  text.replace(/[^\x20-\x7e]/g, '?').replace(/\*(?=\/)/g, '* ').replace(/\/(?=\*)/g, '/ ').replace(/\?(?=\?)/g, '? ').slice(0, 200);

/** A float literal that reads back as exactly this float32. */
export function cFloat(value: number): string {
  const x = Math.fround(value);
  if (Number.isNaN(x)) return 'NAN';
  if (!Number.isFinite(x)) return x < 0 ? '-INFINITY' : 'INFINITY';
  if (Object.is(x, -0)) return '-0.0f';
  for (let digits = 1; digits <= 9; digits++) {
    const text = x.toPrecision(digits);
    if (Math.fround(Number(text)) === x) {
      const short = String(Number(text));
      return /[.e]/.test(short) ? `${short}f` : `${short}.0f`;
    }
  }
  return `${x}f`;
}

/** A member of a parameter struct: integers as they are, others as floats. */
export const cNumber = (value: number): string => (Number.isInteger(value) && !Object.is(value, -0) ? (value === -(2 ** 31) ? '(-2147483647 - 1)' : String(value)) : cFloat(value));

/** 32 bits without a meaning of their own, for instance packed weights. */
export const cWord = (value: number): string => `0x${value.toString(16)}`;

/** An integer of 64 bits. */
export const cWide = (value: number): string => `${BigInt(value)}LL`;

/** Numbers of an array, wrapped at 100 columns. */
export function cArray(values: ArrayLike<number>, format: (value: number) => string): string {
  const lines: string[] = [];
  let line = ' ';
  for (let i = 0; i < values.length; i++) {
    const item = ` ${format(values[i])},`;
    if (line.length + item.length > 100) {
      lines.push(line);
      line = ' ';
    }
    line += item;
  }
  lines.push(line);
  return lines.join('\n');
}

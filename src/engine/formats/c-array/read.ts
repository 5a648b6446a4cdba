/** A byte array in C source: how Arduino sketches, TFLM examples and Edge Impulse exports carry a model. */
export interface CArray {
  readonly name: string;
  /** 1-based line of the declaration. */
  readonly line: number;
  readonly bytes: Uint8Array;
}

const SPACE = 32;
const isSpace = (c: number): boolean => c === SPACE || (c >= 9 && c <= 13);
const isWord = (c: number): boolean => (c >= 48 && c <= 57) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95;

/** `name[...] = {`, with any attributes between the brackets and the equals sign; repeats are bounded, as files are not trusted. */
const declaration = /\b(?:unsigned\s+char|uint8_t|std::uint8_t|u?int8_t|char|byte)\b[\w\s:()]{0,200}?\b([A-Za-z_]\w{0,200})\s{0,50}\[[^\]]{0,200}\]\s{0,50}[^;={]{0,200}=\s{0,50}\{/g;

/**
 * Every byte array that a C or C++ source defines, in order. Comments and preprocessor lines between the numbers are passed
 * over; an array that holds anything but byte constants is left out. Linear in the text's length.
 */
export function readCArrays(text: string): CArray[] {
  const arrays: CArray[] = [];
  const source = withoutComments(text);
  declaration.lastIndex = 0;
  let line = 1;
  let counted = 0;
  for (let match = declaration.exec(source); match; match = declaration.exec(source)) {
    for (; counted < match.index; counted++) if (source.charCodeAt(counted) === 10) line++;
    const parsed = readBytes(source, declaration.lastIndex);
    if (parsed) arrays.push({ name: match[1], line, bytes: parsed.bytes });
    if (parsed) declaration.lastIndex = parsed.end;
  }
  return arrays;
}

/** Comments become spaces of the same length, so that offsets and lines stay. */
function withoutComments(text: string): string {
  return text.includes('/*') || text.includes('//') ? text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, (comment) => comment.replace(/[^\n]/g, ' ')) : text;
}

/** Byte constants from `start` to the closing brace; undefined where something else stands between. */
function readBytes(text: string, start: number): { bytes: Uint8Array; end: number } | undefined {
  let bytes = new Uint8Array(1024);
  let count = 0;
  let at = start;
  for (;;) {
    while (at < text.length && (isSpace(text.charCodeAt(at)) || text[at] === ',')) at++;
    if (at >= text.length) return undefined;
    if (text[at] === '}') return { bytes: bytes.subarray(0, count), end: at + 1 };
    if (text[at] === '#') {
      while (at < text.length && text[at] !== '\n') at++;
      continue;
    }
    const from = at;
    if (text[at] === '-') at++;
    while (at < text.length && isWord(text.charCodeAt(at))) at++;
    const value = byteOf(text.slice(from, at));
    if (value === undefined) return undefined;
    if (count === bytes.length) {
      const larger = new Uint8Array(count * 2);
      larger.set(bytes);
      bytes = larger;
    }
    bytes[count++] = value;
  }
}

function byteOf(token: string): number | undefined {
  const digits = token.replace(/[uUlL]+$/, '');
  const value = /^0[xX][0-9a-fA-F]+$/.test(digits) ? parseInt(digits, 16) : /^0[0-7]+$/.test(digits) ? parseInt(digits, 8) : /^-?\d+$/.test(digits) ? Number(digits) : NaN;
  return value >= -128 && value <= 255 ? value & 255 : undefined;
}

/** Endings of files in which a model may stand as an array. */
export const C_SOURCE = /\.(c|h|cc|hh|cpp|hpp|cxx|hxx|ino)$/i;

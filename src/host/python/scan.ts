import { constructors, type Constructor } from './constructors';

/** A call that makes a layer, as it stands in a Python source. */
export interface LayerCall {
  readonly callee: string;
  readonly constructor: Constructor;
  /** Line from 0 on which the call begins, and the line and column behind its end, with what it is applied to. */
  readonly line: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** `name='stem'` of Keras, the attribute of `self.stem = nn.Conv2d(…)`, the key of a ModuleDict. */
  readonly name?: string;
  /** Output channels, where they are written as a number. */
  readonly channels?: number;
  /** Depthwise by name, or by groups that are more than one. */
  readonly isDepthwise: boolean;
}

/**
 * Layer constructors of a Python source in order. Tolerant: works on what is being typed, reads no more of the language than
 * strings, comments and brackets, and follows no control flow.
 */
export function scanLayers(text: string): LayerCall[] {
  const code = blanked(text);
  const lineStarts = [0, ...[...text.matchAll(/\n/g)].map((match) => match.index + 1)];
  const lineOf = (offset: number): number => {
    let [low, high] = [0, lineStarts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (lineStarts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const calls: LayerCall[] = [];
  for (const match of code.matchAll(/(?:\b[A-Za-z_]\w*\s*\.\s*)*\b([A-Z]\w*)\s*\(/g)) {
    const callee = match[1];
    if (!Object.hasOwn(constructors, callee) || isDefinition(code, match.index)) continue;
    const open = match.index + match[0].length - 1;
    const close = closingOf(code, open);
    if (close < 0) continue;
    const constructor = constructors[callee];
    const { positional, named } = argumentsOf(text, code, open, close);
    const channels = constructor.channels && (named.get(constructor.channels.name) ?? positional[constructor.channels.position]);
    const groups = named.get('groups');
    const end = endOfApplication(code, close);
    const name = unquoted(named.get('name')) ?? attributeBefore(code, match.index);
    calls.push({
      callee, constructor, line: lineOf(match.index), endLine: lineOf(end), endColumn: end - lineStarts[lineOf(end)],
      ...(name === undefined ? {} : { name }),
      ...(channels !== undefined && /^\d+$/.test(channels) ? { channels: Number(channels) } : {}),
      isDepthwise: callee.startsWith('Depthwise') || (groups !== undefined && groups !== '1'),
    });
  }
  return calls;
}

/** Strings and comments as spaces, line ends kept: offsets stay. */
function blanked(text: string): string {
  return text.replace(/("""|''')[\s\S]*?(?:\1|$)|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|#[^\n]*/g, (match) => match.replace(/[^\n]/g, ' '));
}

const isDefinition = (code: string, at: number): boolean => /\b(?:class|def|import)\s+$/.test(code.slice(Math.max(0, at - 20), at));

function closingOf(code: string, open: number): number {
  for (let at = open, depth = 0; at < code.length; at++) {
    if ('([{'.includes(code[at])) depth++;
    else if (')]}'.includes(code[at]) && --depth === 0) return at;
  }
  return -1;
}

/** `Conv2D(8, 3)(x)` ends behind `(x)`. */
function endOfApplication(code: string, close: number): number {
  if (code[close + 1] !== '(') return close + 1;
  const applied = closingOf(code, close + 1);
  return applied < 0 ? close + 1 : applied + 1;
}

/** Arguments at the top level of a call, as written. */
function argumentsOf(text: string, code: string, open: number, close: number): { positional: string[]; named: Map<string, string> } {
  const positional: string[] = [];
  const named = new Map<string, string>();
  let from = open + 1;
  for (let at = from, depth = 0; at <= close; at++) {
    if (at < close && '([{'.includes(code[at])) depth++;
    else if (at < close && ')]}'.includes(code[at])) depth--;
    else if (at === close || (depth === 0 && code[at] === ',')) {
      const keyword = /^\s*([A-Za-z_]\w*)\s*=(?!=)/.exec(code.slice(from, at));
      const value = text.slice(from + (keyword?.[0].length ?? 0), at).trim();
      if (keyword) named.set(keyword[1], value);
      else if (value) positional.push(value);
      from = at + 1;
    }
  }
  return { positional, named };
}

const unquoted = (value: string | undefined): string | undefined => (value === undefined ? undefined : /^[rfu]?(['"])([^'"{}]*)\1$/.exec(value)?.[2]);

/** `self.stem = nn.Conv2d(` -> stem. A plain variable is no name that an exporter keeps. */
const attributeBefore = (code: string, at: number): string | undefined => /\bself\s*\.\s*([A-Za-z_]\w*)\s*(?::[^=\n]*)?=\s*$/.exec(code.slice(Math.max(0, at - 200), at))?.[1];

import type { GeneratedHeader, GeneratedInput } from './generated-c';

/** A real number that goes into a model's input as a code without being rounded and clamped. */
export interface FloatCast {
  /** Offsets of the assigned expression. */
  readonly from: number;
  readonly to: number;
  readonly input: string;
  /** Type of the codes: int8, uint8. */
  readonly codes: string;
  /** The call that does it right. */
  readonly call: string;
  readonly hasRound: boolean;
  readonly hasClamp: boolean;
  /** The expression to write instead; absent where it cannot be told which part is the value in the sensor's unit. */
  readonly replacement?: string;
}

const ROUND = /\b(l?l?round|l?l?rint|nearbyint|floor|ceil)f?\s*\(|\btml_round|__SSAT|[+-]\s*0?\.5f?\b/;
const CLAMP = /\b(constrain|clamp|saturate|f?min|f?max|MIN|MAX|__SSAT|tml_clamp)\w*\s*[(<]|\?/;
const CAST = /^(?:\(\s*(?:u?int8_t|signed char|unsigned char|char)\s*\)|static_cast\s*<\s*(?:std::)?u?int8_t\s*>|(?:std::)?u?int8_t(?=\s*\())/;

/** Comments and strings as spaces: offsets stay. */
export const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, (match) => match.replace(/[^\n]/g, ' '));

/** Names of variables and parameters that hold real numbers, anywhere in the file. */
function realNames(code: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [, list] of code.matchAll(/\b(?:float|double)\s+([^;(){}]*)/g)) {
    for (const part of list.split(',')) {
      const name = /^[\s*&]*(?:const\s+)?([A-Za-z_]\w*)/.exec(part)?.[1];
      if (name) names.add(name);
    }
  }
  return names;
}

/** Casts of real numbers that fill int8 or uint8 inputs of the given models. */
export function findFloatCasts(text: string, headers: readonly GeneratedHeader[]): FloatCast[] {
  const code = withoutComments(text);
  const reals = realNames(code);
  return headers
    .flatMap((header) => header.inputs.filter((input) => input.scale !== undefined && /^u?int8_t$/.test(input.type)).flatMap((input) => castsInto(text, code, reals, header, input)))
    .sort((a, b) => a.from - b.from);
}

function castsInto(text: string, code: string, reals: ReadonlySet<string>, { name }: GeneratedHeader, input: GeneratedInput): FloatCast[] {
  const access = `${name}_input_${input.index}`;
  const pointers = [...code.matchAll(new RegExp(`([A-Za-z_]\\w*)\\s*=\\s*(?:\\([^()]*\\)\\s*)?${access}\\s*\\(`, 'g'))].map(([, pointer]) => pointer);
  const targets = [`${access}\\s*\\([^()]*\\)\\s*\\[`, ...[...new Set(pointers)].map((pointer) => `\\b${pointer}\\s*\\[`)];
  return targets.flatMap((target) =>
    [...code.matchAll(new RegExp(target, 'g'))].flatMap((match) => {
      const close = closing(code, match.index + match[0].length - 1);
      const assigned = /^\s*=(?!=)\s*/.exec(code.slice(close + 1));
      if (close < 0 || !assigned) return [];
      const from = close + 1 + assigned[0].length;
      const to = endOfStatement(code, from);
      return castOf(text, code, from, to, reals, `${name}_quantize_input_${input.index}`, access, input, `${name.toUpperCase()}_INPUT_${input.index}`);
    }),
  );
}

function castOf(text: string, code: string, from: number, to: number, reals: ReadonlySet<string>, call: string, access: string, input: GeneratedInput, macro: string): FloatCast[] {
  const expression = code.slice(from, to).trim();
  if (expression.includes(call)) return [];
  const cast = CAST.exec(expression);
  const operand = cast ? expression.slice(cast[0].length).trim() : expression;
  const isReal = /\d\.\d*f?|\d+\.?f\b|\.\d/.test(operand) || operand.includes(`${macro}_SCALE`) || [...operand.matchAll(/[A-Za-z_]\w*/g)].some(([word]) => reals.has(word));
  // A conversion before the assignment has rounded already, by whatever rule.
  if (!isReal || (!cast && /^\(?\s*\(\s*(u?int|long|short)/.test(operand))) return [];
  const [hasRound, hasClamp] = [ROUND.test(operand), CLAMP.test(operand)];
  if (hasRound && hasClamp) return [];
  const value = valueOf(stripParentheses(operand), input, macro);
  return [{ from, to: from + text.slice(from, to).trimEnd().length, input: access, codes: input.type.replace('_t', ''), call, hasRound, hasClamp, ...(value === undefined ? {} : { replacement: `${call}(${value})` }) }];
}

/** The real value in an expression that quantizes by hand: `v / scale + zero point`, `v * (1 / scale)`, or `v` alone. */
function valueOf(operand: string, { scale = 1, zeroPoint = 0 }: GeneratedInput, macro: string): string | undefined {
  const close = (text: string, wanted: number): boolean => Math.abs(parseFloat(text) - wanted) <= Math.abs(wanted) * 1e-3;
  const number = '[-+]?[\\d.]+(?:e[-+]?\\d+)?f?';
  const offset = new RegExp(`(?:\\s*[+-]\\s*(?:${macro}_ZERO_POINT|\\(?\\s*-?\\d+(?:\\.\\d*f?)?\\s*\\)?|0?\\.5f?))+$`);
  const bare = (part: string): string => stripParentheses(part.replace(offset, '').replace(/^(?:l?l?round|l?l?rint|nearbyint|floor)f?\s*(?=\()/, ''));
  const inner = bare(bare(stripParentheses(operand)));
  const divided = new RegExp(`^(.+?)\\s*/\\s*\\(?\\s*(${macro}_SCALE|${number})\\s*\\)?$`, 'i').exec(inner);
  if (divided && (divided[2].startsWith(macro) || close(divided[2], scale))) return stripParentheses(divided[1].trim());
  const multiplied = new RegExp(`^(.+?)\\s*\\*\\s*(${number})$`, 'i').exec(inner);
  if (multiplied && close(multiplied[2], 1 / scale)) return stripParentheses(multiplied[1].trim());
  // Nothing is done to the value: it is in the sensor's unit, or in the codes' where those are the same.
  return zeroPoint !== undefined && /^[A-Za-z_][\w.]*(?:->\w+)*(?:\s*(?:\[[^[\]]*\]|\([^()]*\)))*$/.test(inner) ? inner : undefined;
}

function stripParentheses(text: string): string {
  const trimmed = text.trim();
  return trimmed.startsWith('(') && closing(trimmed, 0) === trimmed.length - 1 ? stripParentheses(trimmed.slice(1, -1)) : trimmed;
}

/** Offset of the bracket that closes the one at `open`; -1 where none does. */
function closing(code: string, open: number): number {
  let depth = 0;
  for (let at = open; at < code.length; at++) {
    if ('([{'.includes(code[at])) depth++;
    else if (')]}'.includes(code[at]) && --depth === 0) return at;
  }
  return -1;
}

function endOfStatement(code: string, from: number): number {
  for (let at = from, depth = 0; at < code.length; at++) {
    if ('([{'.includes(code[at])) depth++;
    else if (')]}'.includes(code[at])) {
      if (depth-- === 0) return at;
    } else if (depth === 0 && (code[at] === ';' || code[at] === ',')) return at;
  }
  return code.length;
}

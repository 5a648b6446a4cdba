import type { FloatCast } from '../../app/sources/float-casts';
import type { GeneratedHeader, GeneratedInput } from '../../app/sources/generated-c';

/** `A float is cast to int8 without rounding and clamping before kws_input_0. Use …`, and on a second line what goes wrong. */
export function castMessage({ input, codes, call, hasRound, hasClamp }: FloatCast): string {
  const missing = [hasRound ? undefined : 'rounding', hasClamp ? undefined : 'clamping'].filter(Boolean).join(' and ');
  const why = [hasRound ? undefined : 'a value between two codes goes to the one nearer to 0', hasClamp ? undefined : 'one outside of the range wraps around'].filter(Boolean).join(', ');
  return `A float is cast to ${codes} without ${missing} before ${input}. Use ${call}(value).\n${why[0].toUpperCase()}${why.slice(1)}.`;
}

const range: Readonly<Record<string, readonly [number, number]>> = { int8_t: [-128, 127], uint8_t: [0, 255], int16_t: [-32768, 32767] };
const short = (value: number): string => String(Number(value.toPrecision(4))).replace('-', '−');

/** The line that fills an input right, and what its codes mean. Markdown. */
export function inputHover({ name }: GeneratedHeader, { index, type, scale, zeroPoint = 0 }: GeneratedInput): string {
  const pointer = `${type} *in = ${name}_input_${index}(&model);`;
  const code = (lines: readonly string[]): string => ['```c', ...lines, '```'].join('\n');
  if (scale === undefined) return [code([pointer, 'in[i] = value;']), 'Takes real numbers as they are, in the unit that the model was trained with.'].join('\n');
  const [low, high] = range[type] ?? range.int8_t;
  return [
    code([pointer, `in[i] = ${name}_quantize_input_${index}(value); /* rounds and clamps */`]),
    `\`value\` is in the sensor's unit, as the model was trained: from ${short((low - zeroPoint) * scale)} to ${short((high - zeroPoint) * scale)} in steps of ${short(scale)}.`,
    '',
    `Code = round(value / ${short(scale)}) ${zeroPoint < 0 ? '−' : '+'} ${Math.abs(zeroPoint)}, from ${short(low)} to ${high}.`,
  ].join('\n');
}

/** One number of a named series, as a sketch prints it. */
export interface SeriesPoint {
  readonly name: string;
  readonly value: number;
  /** Milliseconds of the board's own clock, where the line gives them. */
  readonly boardMs?: number;
  readonly unit?: string;
}

const NUMBER = '[-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?';
const onlyNumber = new RegExp(`^${NUMBER}$`);
const labelled = new RegExp(`^([^:\\s,;|>][^:,;|]*):\\s*(${NUMBER})$`);
/** Longer lines are no series: they would only cost time. */
const LONGEST_LINE = 4096;

/**
 * Numbers that a line of text carries; empty where it is no such line.
 * - Teleplot: `>name:value`, `>name:ms:value`, several `ms:value` or `value` with `;`, then `§unit` and `|flags`; with `|xy` `x:y` or `x:y:ms`, two
 *   series here; with `|t` text.
 *   Source: github.com/nesnes/teleplot, README, "Telemetry format".
 * - Arduino's plotter: `name:value` or plain numbers, separated by commas, spaces or tabs. Source: Arduino IDE 2, "Using the
 *   Serial Plotter Tool".
 */
export function seriesOf(line: string): readonly SeriesPoint[] {
  const text = line.trim();
  if (text.length === 0 || text.length > LONGEST_LINE) return [];
  return text.startsWith('>') ? teleplot(text.slice(1)) : arduino(text);
}

function teleplot(text: string): readonly SeriesPoint[] {
  const [body, ...flags] = text.split('|');
  const [numbers, unit] = body.split('§');
  const colon = numbers.indexOf(':');
  const name = numbers.slice(0, colon).trim();
  if (colon < 0 || name === '') return [];
  const points: SeriesPoint[] = [];
  for (const part of numbers.slice(colon + 1).split(';')) {
    const fields = part.split(':').map((field) => field.trim());
    if (part.trim() === '') continue;
    const isPlane = flags.some((flag) => /xy/.test(flag));
    if (fields.length > (isPlane ? 3 : 2) || flags.some((flag) => flag.trim() === 't') || !fields.every((field) => onlyNumber.test(field))) return [];
    const common = unit ? { unit: unit.trim() } : {};
    if (isPlane && fields.length >= 2) {
      const time = fields.length === 3 ? { boardMs: Number(fields[2]) } : {};
      points.push({ name: `${name} x`, value: Number(fields[0]), ...time, ...common }, { name: `${name} y`, value: Number(fields[1]), ...time, ...common });
      continue;
    }
    const value = Number(fields[fields.length - 1]);
    points.push({ name, value, ...(fields.length === 2 ? { boardMs: Number(fields[0]) } : {}), ...common });
  }
  return points;
}

/** All parts of the line must be numbers: a sentence with a number in it is none. */
function arduino(text: string): readonly SeriesPoint[] {
  const parts = text.includes(',') ? text.split(',') : text.includes('\t') ? text.split('\t') : text.replace(/:\s+/g, ':').split(/\s+/);
  const points: SeriesPoint[] = [];
  for (const [i, raw] of parts.entries()) {
    const part = raw.trim();
    if (part === '' && i === parts.length - 1) continue;
    const named = labelled.exec(part);
    if (named) points.push({ name: named[1].trim(), value: Number(named[2]) });
    else if (onlyNumber.test(part)) points.push({ name: `value ${i + 1}`, value: Number(part) });
    else return [];
  }
  return points;
}

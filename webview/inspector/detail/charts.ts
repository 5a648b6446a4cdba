/** Numbers behind the charts of the layer view; drawn by `scale-chart.tsx` and `histogram.tsx`. */

export interface Tick {
  readonly value: number;
  readonly text: string;
}

/** 1, 2 and 5 times powers of ten between two positive numbers: at most `most` of them. */
export function logTicks(low: number, high: number, most = 5): readonly Tick[] {
  if (!(low > 0) || !(high >= low)) return [];
  for (const steps of [[1, 2, 5], [1], [1]] as const) {
    const found: Tick[] = [];
    for (let power = Math.floor(Math.log10(low)) - 1; power <= Math.ceil(Math.log10(high)); power++) {
      for (const step of steps) {
        const value = step * 10 ** power;
        if (value >= low * 0.999 && value <= high * 1.001) found.push({ value, text: realText(value) });
      }
    }
    if (found.length <= most) return found;
    if (steps.length === 1) return found.filter((_, i) => i % Math.ceil(found.length / most) === 0);
  }
  return [];
}

/** A real number in three significant digits: 0.00412, 1.53, 2.1e-7. */
export function realText(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  const text = size >= 1e-4 && size < 1e5 ? String(Number(value.toPrecision(3))) : Number(value.toPrecision(3)).toExponential();
  return text.replace('-', '−');
}

export interface ScaleFacts {
  readonly used: number;
  readonly dead: number;
  readonly low: number;
  readonly high: number;
}

/** What a chart of values per channel says in words: dead channels (0) are not counted among the narrowest. */
export function scaleFacts(values: readonly number[], alive: readonly number[]): ScaleFacts {
  let [low, high, used] = [Infinity, 0, 0];
  values.forEach((value, i) => {
    if (!alive[i] || !(value > 0)) return;
    used++;
    low = Math.min(low, value);
    high = Math.max(high, value);
  });
  return { used, dead: values.length - used, low: used ? low : 0, high };
}

/** About five round places between 0 and `count` - 1, the last one always. */
export function channelTicks(count: number): readonly number[] {
  if (count <= 1) return [0];
  const step = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024].find((width) => count / width <= 5) ?? 2048;
  const ticks = Array.from({ length: Math.ceil(count / step) }, (_, i) => i * step).filter((tick) => count - 1 - tick >= step / 2);
  return [...ticks, count - 1];
}

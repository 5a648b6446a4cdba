/** Numbers as the product writes them everywhere: see the "Numbers" section of docs/style.md. */

const groups = (digits: string): string => digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',');

/** 36880 -> "36,880"; a true minus for negative numbers. */
export function formatCount(n: number): string {
  const text = groups(Math.abs(Math.round(n)).toString());
  return n < 0 ? `−${text}` : text;
}

/** With a fixed number of decimals: "4,965.90". */
export function formatDecimals(n: number, decimals: number): string {
  const [whole, rest] = Math.abs(n).toFixed(decimals).split('.');
  return `${n < 0 ? '−' : ''}${groups(whole)}${rest === undefined ? '' : `.${rest}`}`;
}

/** A difference with its sign: "+1,234", "−0.5"; a change that rounds to nothing is "0". */
export function formatChange(n: number, decimals = 0): string {
  const digits = Math.abs(n).toFixed(decimals);
  if (Number(digits) === 0) return '0';
  const [whole, rest] = digits.split('.');
  return `${n < 0 ? '−' : '+'}${groups(whole)}${rest === undefined ? '' : `.${rest}`}`;
}

/** 36880 -> "36.0 KiB"; MiB from 10,240 KiB; bytes below 1 KiB. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const kib = bytes / 1024;
  return kib < 10240 ? `${groups(kib.toFixed(1).split('.')[0])}.${kib.toFixed(1).split('.')[1]} KiB` : `${(kib / 1024).toFixed(1)} MiB`;
}

/** 7489664 -> "7.49 M", for narrow places; exact below 10,000. */
export function formatShort(n: number): string {
  if (n < 10_000) return formatCount(n);
  for (const [unit, size] of [['G', 1e9], ['M', 1e6], ['k', 1e3]] as const) {
    if (n >= size) return `${(n / size).toPrecision(3)} ${unit}`;
  }
  return formatCount(n);
}

/** [1, 8, 8, 16] -> "1×8×8×16"; a scalar is "scalar". */
export const formatShape = (shape: readonly number[]): string => (shape.length ? shape.map((d) => (d < 0 ? '?' : String(d))).join('×') : 'scalar');

/** Microseconds as text: µs below 0.1 ms, ms above, three significant digits. */
export function formatTimeUs(us: number): string {
  if (us < 100) return `${Number(us.toPrecision(3))} µs`;
  return `${significant(us / 1000)} ms`;
}

/** Microjoules as text: mJ from 100 µJ, three significant digits. */
export const formatEnergyUj = (uj: number): string => (uj < 100 ? `${Number(uj.toPrecision(3))} µJ` : `${significant(uj / 1000)} mJ`);

function significant(n: number): string {
  const [whole, rest] = String(Number(n.toPrecision(3))).split('.');
  return /e/.test(whole) ? whole : `${groups(whole)}${rest === undefined ? '' : `.${rest}`}`;
}

export const formatPercent = (ratio: number): string => `${(ratio * 100).toFixed(1)} %`;

/** 0, 3 and 4 -> "layers 0, 3, 4"; a long run is shortened. A number is not parted from its word at the end of a line. */
export function namedSteps(steps: readonly number[]): string {
  if (steps.length === 1) return `layer\u00a0${steps[0]}`;
  const consecutive = steps.every((step, i) => i === 0 || step === steps[i - 1] + 1);
  if (consecutive) return `layers\u00a0${steps[0]}–${steps[steps.length - 1]}`;
  return `layers ${steps.slice(0, 3).join(', ')}${steps.length > 3 ? ' and others' : ''}`;
}

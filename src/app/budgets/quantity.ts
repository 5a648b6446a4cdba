/** What a budget can limit. `accuracy` is the least, the others are the most. */
export const resources = ['flash', 'ram', 'macs', 'timeUs', 'energyUj', 'accuracy'] as const;
export type Resource = (typeof resources)[number];
/** Of a whole model only. */
export const ofNoLayer: ReadonlySet<Resource> = new Set(['energyUj', 'accuracy']);

const bytes = { '': 1, B: 1, KiB: 1024, MiB: 1024 ** 2, kB: 1000, KB: 1000, MB: 1e6 } as const;
const units: Readonly<Record<Resource, Readonly<Record<string, number>>>> = {
  flash: bytes,
  ram: bytes,
  macs: { '': 1, k: 1e3, M: 1e6, G: 1e9 },
  timeUs: { '': 1, us: 1, 'µs': 1, ms: 1e3, s: 1e6 },
  energyUj: { '': 1, uJ: 1, 'µJ': 1, mJ: 1e3, J: 1e6 },
  accuracy: { '': 1, '%': 0.01 },
};

/** `32768`, `"32 KiB"`, `"1.5 ms"`, `"90 %"` in bytes, MACs, µs, µJ or a share; undefined where it is no such quantity. */
export function parseQuantity(resource: Resource, value: unknown): number | undefined {
  const found = typeof value === 'number' ? [String(value), String(value), ''] : typeof value === 'string' ? /^\s*([\d.]+(?:e[+-]?\d+)?)\s*([a-zµ%]*)\s*$/i.exec(value.replace(/(\d),(?=\d{3})/g, '$1')) : null;
  if (!found) return undefined;
  const scale = Object.hasOwn(units[resource], found[2]) ? units[resource][found[2]] : undefined;
  const number = Number(found[1]);
  if (scale === undefined || !Number.isFinite(number) || number < 0) return undefined;
  const quantity = number * scale;
  return resource === 'accuracy' && quantity > 1 ? undefined : quantity;
}

/** How a limit may be written, for messages. */
export const unitsOf = (resource: Resource): string => Object.keys(units[resource]).filter(Boolean).join(', ');

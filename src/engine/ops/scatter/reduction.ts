/** What becomes of an element that an update meets. */
export const reductions: Readonly<Record<string, (old: number, update: number) => number>> = {
  none: (_old, update) => update,
  add: (old, update) => old + update,
  mul: (old, update) => old * update,
  min: Math.min,
  max: Math.max,
};

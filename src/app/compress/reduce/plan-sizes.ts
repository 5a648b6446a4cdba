/** Where a model can be made smaller by itself: channels of some layers, the rank of one. */
export interface Place {
  readonly name: string;
  /** How what goes is chosen there. */
  readonly rule: string;
  /** Largest first: as it is. */
  readonly sizes: readonly number[];
  /** Distance from the original, with only this place made smaller: at each size. */
  readonly divergence: readonly number[];
}

/** Index into the sizes of each place. */
export type Sizes = readonly number[];

/** A cost that is computed once for each choice. */
export function remembered(cost: (sizes: Sizes) => number): (sizes: Sizes) => number {
  const known = new Map<string, number>();
  return (sizes) => {
    const key = sizes.join();
    let result = known.get(key);
    if (result === undefined) known.set(key, (result = cost(sizes)));
    return result;
  };
}

/** Between measured sizes along a line; beyond the last one, as that line goes on. */
export function interpolate(measured: readonly { readonly size: number; readonly divergence: number }[], size: number): number {
  if (measured.length < 2) return 0;
  const found = measured.findIndex((point) => point.size <= size);
  const after = found < 0 ? measured.length - 1 : Math.max(1, found);
  const [a, b] = [measured[after - 1], measured[after]];
  return a.divergence + ((b.divergence - a.divergence) * (a.size - size)) / (a.size - b.size);
}

/** Narrows the place that loses least for what it saves, step by step; undefined where all places at their narrowest are not enough. */
export function greedySizes(places: readonly Place[], cost: (sizes: Sizes) => number, most: number): Sizes | undefined {
  let sizes: Sizes = places.map(() => 0);
  for (let now = cost(sizes); now > most; now = cost(sizes)) {
    let best: { sizes: Sizes; ratio: number } | undefined;
    for (const [i, place] of places.entries()) {
      if (sizes[i] + 1 >= place.sizes.length) continue;
      const next = sizes.map((index, at) => (at === i ? index + 1 : index));
      const saved = now - cost(next);
      // A peak that two layers share falls only when both are narrower: such a step is not worthless, but the last to be taken.
      const loss = place.divergence[next[i]] - place.divergence[sizes[i]] + TINY;
      const ratio = saved > 0 ? loss / saved : loss * NO_SAVING;
      if (!best || ratio < best.ratio) best = { sizes: next, ratio };
    }
    if (!best) return undefined;
    sizes = best.sizes;
  }
  return givenBack(places, sizes, cost, most);
}

/** The last step of a search saves more than was needed: what is left over goes where it wins most. */
function givenBack(places: readonly Place[], start: Sizes, cost: (sizes: Sizes) => number, most: number): Sizes {
  let sizes = start;
  for (;;) {
    let best: { sizes: Sizes; won: number } | undefined;
    for (const [i, place] of places.entries()) {
      for (let index = sizes[i] - 1; index >= 0; index--) {
        const next = sizes.map((other, at) => (at === i ? index : other));
        if (cost(next) > most) break;
        const won = place.divergence[sizes[i]] - place.divergence[index];
        if (won > 0 && (!best || won > best.won)) best = { sizes: next, won };
      }
    }
    if (!best) return sizes;
    sizes = best.sizes;
  }
}

const TINY = 1e-9;
const NO_SAVING = 1e6;

/** The same share of every place: the largest that fits. */
export function evenSizes(places: readonly Place[], cost: (sizes: Sizes) => number, most: number): Sizes | undefined {
  for (let percent = 99; percent > 0; percent--) {
    const sizes = places.map((place) => nearest(place.sizes, (place.sizes[0] * percent) / 100));
    if (cost(sizes) <= most) return sizes;
  }
  return undefined;
}

function nearest(sizes: readonly number[], wanted: number): number {
  let best = 0;
  sizes.forEach((size, i) => {
    if (Math.abs(size - wanted) < Math.abs(sizes[best] - wanted)) best = i;
  });
  return best;
}

/** Choices one exchange away that still fit: one place a step narrower, another one wider; the most promising first. */
export function exchanges(places: readonly Place[], sizes: Sizes, cost: (sizes: Sizes) => number, most: number): Sizes[] {
  const loss = (choice: Sizes): number => choice.reduce((sum, index, i) => sum + places[i].divergence[index], 0);
  const found: Sizes[] = [];
  for (let wide = 0; wide < places.length; wide++) {
    if (sizes[wide] === 0) continue;
    for (let narrow = -1; narrow < places.length; narrow++) {
      if (narrow === wide || (narrow >= 0 && sizes[narrow] + 1 >= places[narrow].sizes.length)) continue;
      const next = sizes.map((index, i) => (i === wide ? index - 1 : i === narrow ? index + 1 : index));
      if (cost(next) <= most) found.push(next);
    }
  }
  return found.sort((a, b) => loss(a) - loss(b));
}

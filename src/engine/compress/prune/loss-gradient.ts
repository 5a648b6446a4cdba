import { slopeGraph, type SlopeGraph, type WatchedAxis } from '../../gradient/slope-graph';
import type { Model, ValueId } from '../../ir/types';
import type { Place, Site } from './units';

/**
 * How much the loss (cross entropy of the label) changes, to first order, when a unit's activations become zero: the square of
 * activation times gradient, summed over the unit's places (Molchanov et al. 2019, arXiv 1906.10771), summed over samples. A
 * unit that no gradient reaches has none. `graph` computes the slopes. Throws `NoGradient`.
 */
export class LossGradient {
  readonly graph: SlopeGraph;
  private readonly made: ReadonlySet<ValueId>;
  private readonly sums: readonly Float64Array[];

  constructor(model: Model, private readonly sites: readonly Site[], batch: number) {
    const makers = new Set(sites.flatMap((site) => site.makers));
    this.made = new Set(model.graph.nodes.filter((node) => makers.has(node.id)).map((node) => node.outputs[0]));
    const watched = new Map<string, WatchedAxis>();
    for (const { value, axis } of sites.flatMap((site) => site.units.flatMap((unit) => unit.places))) if (this.made.has(value) && axis > 0) watched.set(keyOf({ value, axis }), { value, axis });
    this.graph = slopeGraph(model, batch, [...watched.values()]);
    this.sums = sites.map((site) => new Float64Array(site.units.length));
  }

  /** The slopes [batch, entries] of one run, by output name; `count` samples of the batch count. */
  add(slopes: Readonly<Record<string, ArrayLike<number>>>, count: number): void {
    const known = new Map(this.graph.slopes.map((slope) => [keyOf(slope), { list: slopes[slope.name], entries: slope.entries }]));
    const slopeOf = (place: Place, sample: number): number => {
      const found = known.get(keyOf(place));
      return found ? found.list[sample * found.entries + place.entry] : 0;
    };
    this.sites.forEach((site, s) => {
      site.units.forEach(({ places }, u) => {
        for (let sample = 0; sample < count; sample++) this.sums[s][u] += places.reduce((sum, place) => sum + slopeOf(place, sample), 0) ** 2;
      });
    });
  }

  /** Of the units of a site; undefined where no gradient reaches them. */
  scores(site: Site): Float64Array | undefined {
    const sums = this.sums[this.sites.indexOf(site)];
    return sums?.some((sum) => sum > 0) ? sums : undefined;
  }
}

const keyOf = ({ value, axis }: WatchedAxis): string => `${value}.${axis}`;

import { ShapeError, type NodeView } from '../op';

export interface Heads {
  readonly batch: number;
  readonly queryHeads: number;
  readonly keyHeads: number;
  /** Steps of the query, of the keys given, of those from before, and of both together. */
  readonly steps: number;
  readonly keySteps: number;
  readonly past: number;
  readonly total: number;
  /** Elements of a query and key, and of a value. */
  readonly size: number;
  readonly valueSize: number;
  /** Heads lie side by side in the last axis. */
  readonly isFlat: boolean;
}

export function headsOf(node: NodeView): Heads {
  const [query, key, value] = [0, 1, 2].map((i) => node.staticType(i).shape);
  const past = node.has(4) ? node.staticType(4).shape[2] : 0;
  if (query.length === 3) {
    const [queryHeads, keyHeads] = [node.int('heads'), node.int('keyHeads')];
    if (!queryHeads || !keyHeads) throw new ShapeError('attention over three axes needs the number of heads');
    return {
      batch: query[0], queryHeads, keyHeads, steps: query[1], keySteps: key[1], past, total: past + key[1], size: query[2] / queryHeads, valueSize: value[2] / keyHeads, isFlat: true,
    };
  }
  if (query.length !== 4 || key.length !== 4 || value.length !== 4) throw new ShapeError(`attention over ${query.length} axes`);
  return {
    batch: query[0], queryHeads: query[1], keyHeads: key[1], steps: query[2], keySteps: key[2], past, total: past + key[2], size: query[3], valueSize: value[3], isFlat: false,
  };
}

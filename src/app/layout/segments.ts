/** An arrow between two nodes, by their places in a topological order. */
export interface Arrow {
  readonly from: number;
  readonly to: number;
}

/**
 * Cuts a network where all of it passes through one node: places in the order over which no arrow leads. Between two cuts the
 * network can be laid out by itself, so that a thousand layers are a hundred small drawings. The first and the last place are
 * always among them.
 */
export function cutsOf(count: number, arrows: readonly Arrow[]): readonly number[] {
  const over = new Int32Array(count + 1);
  for (const { from, to } of arrows) {
    // Covers the places strictly between both ends.
    over[from + 1]++;
    over[to]--;
  }
  const cuts: number[] = [];
  let covering = 0;
  for (let place = 0; place < count; place++) {
    covering += over[place];
    if (covering === 0 || place === 0 || place === count - 1) cuts.push(place);
  }
  return cuts;
}

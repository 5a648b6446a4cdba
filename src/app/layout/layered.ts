import * as dagre from '@dagrejs/dagre';
import { cutsOf, type Arrow } from './segments';

export interface Box {
  readonly width: number;
  readonly height: number;
}

export interface Layout {
  /** Middle of each box, in the order given. */
  readonly places: readonly { readonly x: number; readonly y: number }[];
  /** Polyline of each arrow, x and y in turn, in the order given. */
  readonly lines: readonly (readonly number[])[];
  readonly width: number;
  readonly height: number;
}

/** Room beside and below boxes, in pixels. */
const BESIDE = 24;
const BELOW = 28;
/** Beyond this many boxes without a place to cut, the library needs seconds: they are drawn in one column instead. */
const BOXES_AT_MOST = 1200;

/**
 * Places boxes in layers from top to bottom. Boxes are in topological order and arrows lead forward. Each part between two
 * cuts is laid out by dagre and hung below the one before, so that the boxes at the cuts form a straight line.
 */
export function layered(boxes: readonly Box[], arrows: readonly Arrow[]): Layout {
  const places: { x: number; y: number }[] = [];
  const lines: number[][] = arrows.map(() => []);
  const cuts = cutsOf(boxes.length, arrows);
  const bySegment = arrowsBySegment(cuts, arrows);
  const known = new Map<string, Part>();
  if (boxes.length) places[0] = { x: 0, y: boxes[0].height / 2 };
  for (let s = 0; s + 1 < cuts.length; s++) {
    const [top, bottom] = [cuts[s], cuts[s + 1]];
    const inside = bySegment[s].map((i) => arrows[i]);
    // Networks repeat their blocks: equal parts are laid out once.
    const shape = [top === 0, bottom === boxes.length - 1, ...boxes.slice(top, bottom + 1).map(({ width, height }) => `${width}x${height}`), ...inside.map(({ from, to }) => `${from - top}-${to - top}`)].join();
    const part = known.get(shape) ?? partLayout(boxes, top, bottom, inside);
    known.set(shape, part);
    const [dx, dy] = [places[top].x - part.places[0].x, places[top].y - part.places[0].y];
    for (let i = 1; i <= bottom - top; i++) places[top + i] = { x: part.places[i].x + dx, y: part.places[i].y + dy };
    bySegment[s].forEach((arrow, i) => (lines[arrow] = part.lines[i].map((value, k) => value + (k % 2 ? dy : dx))));
  }
  return moved(boxes, places, lines);
}

/** Arrows (by index) of each part: none leads over a cut. */
function arrowsBySegment(cuts: readonly number[], arrows: readonly Arrow[]): readonly (readonly number[])[] {
  const found: number[][] = cuts.map(() => []);
  const segmentOf = new Map<number, number>();
  cuts.forEach((place, s) => segmentOf.set(place, s));
  let segment = 0;
  const starts: number[] = [];
  for (let place = 0; place <= (cuts[cuts.length - 1] ?? -1); place++) {
    segment = segmentOf.get(place) ?? segment;
    starts[place] = segment;
  }
  arrows.forEach(({ from }, i) => found[starts[from]].push(i));
  return found;
}

type Part = Pick<Layout, 'places' | 'lines'>;

function partLayout(boxes: readonly Box[], top: number, bottom: number, arrows: readonly Arrow[]): Part {
  const count = bottom - top + 1;
  const isChain = count === 2 && arrows.length === 1;
  if (isChain || count > BOXES_AT_MOST) return column(boxes, top, count, arrows);
  return byDagre(boxes, top, count, arrows);
}

/** One below the other; arrows that pass boxes keep to the right of them. */
function column(boxes: readonly Box[], top: number, count: number, arrows: readonly Arrow[]): Part {
  const places: { x: number; y: number }[] = [];
  let y = 0;
  let right = 0;
  for (let i = 0; i < count; i++) {
    const { width, height } = boxes[top + i];
    places.push({ x: 0, y: y + height / 2 });
    y += height + BELOW;
    right = Math.max(right, width / 2);
  }
  const lines = arrows.map(({ from, to }) => {
    const [a, b] = [places[from - top], places[to - top]];
    const [start, end] = [a.y + boxes[from].height / 2, b.y - boxes[to].height / 2];
    if (to === from + 1) return [a.x, start, b.x, end];
    const lane = right + BESIDE * (1 + Math.log2(to - from));
    return [a.x, start, lane, start + BELOW / 2, lane, end - BELOW / 2, b.x, end];
  });
  return { places, lines };
}

function byDagre(boxes: readonly Box[], top: number, count: number, arrows: readonly Arrow[]): Part {
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'TB', nodesep: BESIDE, ranksep: BELOW, edgesep: 10, ranker: count > 200 ? 'longest-path' : 'network-simplex' });
  for (let i = 0; i < count; i++) graph.setNode(String(i), { ...boxes[top + i] });
  arrows.forEach(({ from, to }, i) => graph.setEdge(String(from - top), String(to - top), {}, String(i)));
  holds(boxes.length, top, count, arrows).forEach(([from, to], i) => graph.setEdge(String(from), String(to), { weight: 0 }, `hold ${i}`));
  dagre.layout(graph);
  const places = Array.from({ length: count }, (_, i) => {
    const { x, y } = graph.node(String(i)) as { x: number; y: number };
    return { x, y };
  });
  const lines = arrows.map(({ from, to }, i) => {
    const { points } = graph.edge(String(from - top), String(to - top), String(i)) as unknown as { points: { x: number; y: number }[] };
    return points.flatMap(({ x, y }) => [x, y]);
  });
  return { places, lines };
}

/**
 * Arrows that are not drawn: what begins inside of a part stays below its upper cut, what ends there above its lower one, so
 * that parts never reach into each other. The first part has no cut above it, the last none below.
 */
function holds(all: number, top: number, count: number, arrows: readonly Arrow[]): readonly (readonly [from: number, to: number])[] {
  const [reached, left] = [new Set(arrows.map(({ to }) => to - top)), new Set(arrows.map(({ from }) => from - top))];
  const inner = Array.from({ length: Math.max(0, count - 2) }, (_, i) => i + 1);
  const below = top === 0 ? [] : inner.filter((i) => !reached.has(i)).map((i) => [0, i] as const);
  const above = top + count === all ? [] : inner.filter((i) => !left.has(i)).map((i) => [i, count - 1] as const);
  return [...below, ...above];
}

/** Moves the drawing so that it begins at a margin from 0, 0. */
function moved(boxes: readonly Box[], places: readonly { x: number; y: number }[], lines: readonly (readonly number[])[]): Layout {
  let [left, right, upper, bottom] = [Infinity, -Infinity, 0, 0];
  const stretch = (low: number, high: number): void => void ([left, right] = [Math.min(left, low), Math.max(right, high)]);
  places.forEach(({ x, y }, i) => {
    stretch(x - boxes[i].width / 2, x + boxes[i].width / 2);
    [upper, bottom] = [Math.min(upper, y - boxes[i].height / 2), Math.max(bottom, y + boxes[i].height / 2)];
  });
  for (const line of lines) line.forEach((value, k) => k % 2 === 0 && stretch(value, value));
  if (!places.length) [left, right] = [0, 0];
  const [dx, dy] = [BESIDE - left, BELOW - upper];
  return {
    places: places.map(({ x, y }) => ({ x: x + dx, y: y + dy })),
    lines: lines.map((line) => line.map((value, k) => value + (k % 2 ? dy : dx))),
    width: right - left + 2 * BESIDE,
    height: bottom - upper + 2 * BELOW,
  };
}

import type { NodeView } from '../op';

export interface AxisTap {
  readonly index: number;
  readonly weight: number;
}

/** Where a position of the result lies in the source. `scale` is result to source. Source: ONNX Resize-19. */
const coordinates: Readonly<Record<string, (x: number, scale: number, from: number, to: number) => number>> = {
  half_pixel: (x, scale) => (x + 0.5) / scale - 0.5,
  pytorch_half_pixel: (x, scale, _from, to) => (to > 1 ? (x + 0.5) / scale - 0.5 : 0),
  asymmetric: (x, scale) => x / scale,
  align_corners: (x, _scale, from, to) => (to > 1 ? (x * (from - 1)) / (to - 1) : 0),
  tf_half_pixel_for_nn: (x, scale) => (x + 0.5) / scale,
  // TFLite's align_corners with half pixels, for nearest only.
  align_corners_half_pixel: (x, _scale, from, to) => (to > 1 ? ((x + 0.5) * (from - 1)) / (to - 1) : 0),
};

const roundings: Readonly<Record<string, (x: number) => number>> = {
  round_prefer_floor: (x) => Math.ceil(x - 0.5),
  round_prefer_ceil: (x) => Math.floor(x + 0.5),
  floor: Math.floor,
  ceil: Math.ceil,
};

export const coordinateModes: ReadonlySet<string> = new Set(Object.keys(coordinates));

/** Source elements and weights for each position along a spatial axis. */
export function axisTaps(node: NodeView, axis: number, from: number, to: number): readonly (readonly AxisTap[])[] {
  const scale = (node.attributes.scales as readonly number[] | undefined)?.[axis] ?? to / from;
  const locate = coordinates[node.text('coordinates')];
  const mode = node.text('mode');
  const clamped = (index: number): number => Math.min(from - 1, Math.max(0, index));
  return Array.from({ length: to }, (_, x) => {
    const at = locate(x, scale, from, to);
    if (mode === 'nearest') return [{ index: clamped(roundings[node.text('rounding', 'round_prefer_floor')](at)), weight: 1 }];
    const base = Math.floor(at);
    const rest = at - base;
    if (mode === 'linear') return [{ index: clamped(base), weight: 1 - rest }, { index: clamped(base + 1), weight: rest }];
    return cubicWeights(rest, node.int('cubicA', -0.75)).map((weight, i) => ({ index: clamped(base - 1 + i), weight }));
  });
}

/** Weights of four neighbours. Source: R. Keys, Cubic Convolution Interpolation, 1981. */
function cubicWeights(t: number, a: number): number[] {
  const near = (x: number): number => ((a + 2) * x - (a + 3)) * x * x + 1;
  const far = (x: number): number => ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  return [far(t + 1), near(t), near(1 - t), far(2 - t)];
}

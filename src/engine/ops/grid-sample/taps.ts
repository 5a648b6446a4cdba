import { roundHalfEven } from '../../quant/rounding';

export type Mode = 'linear' | 'nearest' | 'cubic';

export interface GridTap {
  readonly index: number;
  readonly weight: number;
}

/** Steepness of cubic interpolation. Source: onnx Operators.md, GridSample-20. */
const CUBIC = -0.75;

/** Pixels along one axis that make the value at a place between them. */
export function tapsAt(at: number, mode: Mode): GridTap[] {
  if (!Number.isFinite(at)) return [];
  if (mode === 'nearest') return [{ index: roundHalfEven(at), weight: 1 }];
  const floor = Math.floor(at);
  const rest = at - floor;
  if (mode === 'linear') return [{ index: floor, weight: 1 - rest }, { index: floor + 1, weight: rest }];
  return [-1, 0, 1, 2].map((offset) => ({ index: floor + offset, weight: cubic(Math.abs(rest - offset)) }));
}

const cubic = (x: number): number =>
  x <= 1 ? ((CUBIC + 2) * x - (CUBIC + 3)) * x * x + 1 : x < 2 ? ((CUBIC * x - 5 * CUBIC) * x + 8 * CUBIC) * x - 4 * CUBIC : 0;

/** A place mirrored into the image: at pixel centres where corners are aligned, else at pixel edges. */
export function reflect(at: number, extent: number, align: boolean): number {
  const [low, high] = align ? [0, extent - 1] : [-0.5, extent - 0.5];
  const span = high - low;
  if (span <= 0 || !Number.isFinite(at)) return 0;
  const distance = Math.abs(at - low) % (2 * span);
  return Math.min(extent - 1, Math.max(0, low + (distance > span ? 2 * span - distance : distance)));
}

import type { NodeView } from '../op';
import { conv2dMembers } from './conv2d-params';

/** How depthwise kernels that compute several results of a channel together go through an image. */

/** Results that most of them compute together. */
export const SWEEP_GROUP = 4;

export interface Sweep {
  readonly along: number;
  readonly across: number;
  readonly outAlong: number;
  readonly outAcross: number;
  readonly padAlong: number;
  readonly padAcross: number;
  /** The plane's rows are columns of the image. */
  readonly transposed: boolean;
}

/** Along the side that fills groups better, where a new row costs as much as `perRow` of them; along columns only where results lie where their pixels lay. */
export function sweepOf(node: NodeView, group = SWEEP_GROUP, perRow = 0): Sweep {
  const { in_h, in_w, out_h, out_w, pad_top, pad_left } = conv2dMembers(node);
  const groups = (along: number, across: number): number => (Math.ceil(along / group) + perRow) * across;
  return groups(out_w, out_h) <= groups(out_h, out_w) || out_w !== in_w
    ? { along: in_w, across: in_h, outAlong: out_w, outAcross: out_h, padAlong: pad_left, padAcross: pad_top, transposed: false }
    : { along: in_h, across: in_w, outAlong: out_h, outAcross: out_w, padAlong: pad_top, padAcross: pad_left, transposed: true };
}

/** Stride 1 or 2 in both directions, and no window reaches further than one pixel out of the image. */
export function isNearBorder(node: NodeView): boolean {
  const m = conv2dMembers(node);
  const isNear = (out: number, pad: number, extent: number): boolean => pad <= 1 && (out - 1) * m.stride_h + 2 - pad <= extent;
  return m.stride_h === m.stride_w && m.stride_h <= 2 && isNear(m.out_h, m.pad_top, m.in_h) && isNear(m.out_w, m.pad_left, m.in_w);
}

/** Members of the parameter structs; steps in elements. */
export function sweepMembers(node: NodeView, { along, across, outAlong, outAcross, padAlong, padAcross, transposed }: Sweep): Record<string, number> {
  const { in_w, in_c, out_w } = conv2dMembers(node);
  const step = (width: number, isAlong: boolean): number => (isAlong !== transposed ? in_c : width * in_c);
  return {
    channels: in_c, along, across, out_along: outAlong, out_across: outAcross, in_step: step(in_w, true), in_pitch: step(in_w, false), out_step: step(out_w, true),
    out_pitch: step(out_w, false), pad_along: padAlong, pad_across: padAcross,
  };
}

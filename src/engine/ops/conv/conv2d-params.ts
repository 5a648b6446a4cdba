import { ShapeError, type NodeView } from '../op';
import { hasConstantWeights } from '../weights';
import { imageOf } from '../window';
import { geometry } from './geometry';

/** Members of the C parameter structs that float and int8 kernels share; one spatial axis is an image of height 1. */
export function conv2dMembers(node: NodeView): Record<string, number> {
  const { window, input, group } = geometry(node);
  const output = imageOf(node.outputType().shape, window.layout);
  const plane = (list: readonly number[], filler: number): readonly number[] => (list.length === 1 ? [filler, list[0]] : list);
  const [inH, inW] = plane(input.spatial, 1);
  const [outH, outW] = plane(output.spatial, 1);
  const [kernelH, kernelW] = plane(window.kernel, 1);
  const [strideH, strideW] = plane(window.strides, 1);
  const [dilationH, dilationW] = plane(window.dilations, 1);
  const [padTop, padLeft] = plane(window.padBegin, 0);
  return {
    batch: input.batch, in_h: inH, in_w: inW, in_c: input.channels, out_h: outH, out_w: outW, out_c: output.channels, group,
    kernel_h: kernelH, kernel_w: kernelW, stride_h: strideH, stride_w: strideW, dilation_h: dilationH, dilation_w: dilationW,
    pad_top: padTop, pad_left: padLeft,
  };
}

/** The loops over height vanish: the compiler makes less code of it. */
export const isOneDimensional = (members: Readonly<Record<string, number>>): boolean => members.in_h === 1 && members.kernel_h === 1;

/** What the portable kernels ask of a node besides its dtypes. */
export function isPlain2d(node: NodeView): boolean {
  try {
    const { window } = geometry(node);
    return window.layout === 'nhwc' && window.kernel.length <= 2 && hasConstantWeights(node);
  } catch (error) {
    if (error instanceof ShapeError) return false;
    throw error;
  }
}

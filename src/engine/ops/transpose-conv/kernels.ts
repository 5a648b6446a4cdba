import type { Kernel } from '../../codegen/kernel';
import { ShapeError, type NodeView } from '../op';
import { codedKernel, weightedHeader, weightedKernel, type WeightedLayer } from '../weighted-kernel';
import { geometry } from './geometry';
import text from './tml_transpose_conv.h';

/** One spatial axis is an image of height 1. */
function members(node: NodeView): Record<string, number> {
  const { window, input, outputChannels, group, spatial } = geometry(node);
  const plane = (list: readonly number[], filler: number): readonly number[] => (list.length === 1 ? [filler, list[0]] : list);
  const pair = (names: readonly [string, string], list: readonly number[], filler: number): Record<string, number> => {
    const [first, second] = plane(list, filler);
    return { [names[0]]: first, [names[1]]: second };
  };
  return {
    batch: input.batch, ...pair(['in_h', 'in_w'], input.spatial, 1), in_c: input.channels, ...pair(['out_h', 'out_w'], spatial, 1), out_c: outputChannels, group,
    ...pair(['kernel_h', 'kernel_w'], window.kernel, 1), ...pair(['stride_h', 'stride_w'], window.strides, 1), ...pair(['dilation_h', 'dilation_w'], window.dilations, 1),
    ...pair(['pad_top', 'pad_left'], window.padBegin, 0),
  };
}

function isPlane(node: NodeView): boolean {
  try {
    const { window } = geometry(node);
    return window.layout === 'nhwc' && window.kernel.length <= 2;
  } catch (error) {
    if (error instanceof ShapeError) return false;
    throw error;
  }
}

const layer: WeightedLayer = {
  header: { file: 'tml_transpose_conv.h', text, needs: [weightedHeader] }, macro: 'TML_TRANSPOSE_CONV', params: 'tml_transpose_conv_params', name: 'tml_transpose_conv', supports: isPlane, members,
};

export const transposeConvKernels: readonly Kernel[] = [weightedKernel(layer), codedKernel(layer)];

import { cTypeOf, isElement, suffixOf } from '../../codegen/element-types';
import type { Kernel, KernelHeader, KernelPlan, PackedConstant } from '../../codegen/kernel';
import { baseHeader } from '../../codegen/runtime/base-header';
import { takeKernel } from '../../codegen/take-plan';
import { rowStrides } from '../../codegen/copy-plan';
import { roundingsOf } from '../fixed-weights';
import type { NodeView } from '../op';
import { isFixedPoint } from '../real-result';
import { imageOf } from '../window';
import { neighbours } from './fixed-bilinear';
import { axisTaps } from './taps';
import text from './tml_resize_linear.h';

const header: KernelHeader = { file: 'tml_resize_linear.h', text, needs: [baseHeader] };

const isImage = (node: NodeView, mode: string): boolean => node.text('layout') === 'nhwc' && node.staticType(0).shape.length === 4 && node.text('mode') === mode;

/** Nearest neighbours along each spatial axis; other axes stay. */
const nearest = takeKernel((node) => {
  const { shape } = node.staticType(0);
  if (node.text('mode') !== 'nearest') return undefined;
  const firstSpatial = node.text('layout') === 'nchw' ? 2 : 1;
  const strides = rowStrides(shape);
  const sizes = node.ints('sizes');
  return {
    axes: shape.map((extent, axis) => {
      const i = axis - firstSpatial;
      if (i < 0 || i >= sizes.length) return Array.from({ length: extent }, (_, at) => at * strides[axis]);
      return axisTaps(node, i, extent, sizes[i]).map(([tap]) => tap.index * strides[axis]);
    }),
  };
});

function planOf(node: NodeView, name: string, instance: { macro: string; args: string[] }, constants: readonly PackedConstant[], codeBytes: number): KernelPlan {
  const type = node.outputType();
  const from = imageOf(node.staticType(0).shape, 'nhwc');
  const [, outH, outW] = type.shape;
  return {
    function: name,
    params: {
      type: 'tml_resize_linear_params',
      members: { batch: from.batch, in_h: from.spatial[0], in_w: from.spatial[1], channels: from.channels, out_h: outH, out_w: outW, roundings: roundingsOf(node) },
    },
    inputs: [0],
    constants,
    overlaps: [],
    inputTypes: [cTypeOf(type)],
    outputType: cTypeOf(type),
    instances: [{ name, ...instance, codeBytes: 0 }],
    codeBytes,
  };
}

/** In fixed point for signed codes of TFLite's. */
const isFixed = (node: NodeView): boolean => isFixedPoint(node.rounding) && node.type(0).quantization !== undefined && node.type(0).dtype !== 'uint8';

const linear: Kernel = {
  header,
  supports: (node) => isImage(node, 'linear') && isElement(node.type(0)) && !isFixed(node),
  plan(node) {
    const type = node.outputType();
    const { spatial } = imageOf(node.staticType(0).shape, 'nhwc');
    const taps = spatial.flatMap((extent, i) => axisTaps(node, i, extent, node.ints('sizes')[i])).flat();
    const constants: PackedConstant[] = [
      { role: 'places', dtype: 'int16', elements: taps.length, make: () => Int16Array.from(taps, (tap) => tap.index) },
      { role: 'weights', dtype: 'float32', elements: taps.length, make: () => Float32Array.from(taps, (tap) => tap.weight) },
    ];
    const args = [cTypeOf(type), type.dtype === 'float32' ? 'TML_AS_IS' : 'TML_NEAREST_UP'];
    return planOf(node, `tml_resize_linear_${suffixOf(type)}`, { macro: 'TML_RESIZE_LINEAR', args }, constants, 300);
  },
};

const fixed: Kernel = {
  header,
  supports: (node) => isImage(node, 'linear') && isFixed(node),
  plan(node) {
    const type = node.outputType();
    const { spatial } = imageOf(node.staticType(0).shape, 'nhwc');
    const all = spatial.flatMap((extent, i) => neighbours(node, extent, node.ints('sizes')[i]));
    const constants: PackedConstant[] = [
      { role: 'places', dtype: 'int16', elements: 2 * all.length, make: () => Int16Array.from(all.flatMap(({ low, high }) => [low, high])) },
      { role: 'fractions', dtype: 'int32', elements: all.length, make: () => Int32Array.from(all, ({ rest }) => rest) },
    ];
    return planOf(node, `tml_resize_fixed_${suffixOf(type)}`, { macro: 'TML_RESIZE_FIXED', args: [cTypeOf(type), 'int64_t'] }, constants, 320);
  },
};

export const resizeKernels: readonly Kernel[] = [nearest, linear, fixed];

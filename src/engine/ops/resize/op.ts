import { emptyData, tensorOf, type Tensor, type TensorData } from '../../ir/tensor';
import { perChannel } from '../coupling';
import { ShapeError, withShape, type NodeView, type OpDefinition } from '../op';
import { isFixedPoint } from '../real-result';
import { imageOf, shapeOfImage, type Layout } from '../window';
import { fixedBilinear } from './fixed-bilinear';
import { resizeKernels } from './kernels';
import { resizeOnnx } from './onnx';
import { resizeTflite } from './tflite';
import { axisTaps } from './taps';

/**
 * An image under another size. Attributes: layout, sizes (spatial extents of the result), scales (spatial, result to source;
 * from the sizes where absent), mode (nearest, linear, cubic), coordinates (half_pixel, align_corners, asymmetric,
 * pytorch_half_pixel, tf_half_pixel_for_nn), rounding (round_prefer_floor, round_prefer_ceil, floor, ceil: for nearest),
 * cubicA.
 */
export const resize: OpDefinition = {
  name: 'resize',
  label: (node) => `Resize ${node.text('mode')}`,
  imageInputs: [0],
  quantization: 'keeps',
  infer(node) {
    const type = node.type(0);
    if (!type.shape) return [type];
    const layout = node.text('layout') as Layout;
    const image = imageOf(type.shape, layout);
    const sizes = node.ints('sizes');
    if (sizes.length !== image.spatial.length || sizes.some((size) => !(size >= 1))) throw new ShapeError(`${sizes.join('×')} is no size for ${image.spatial.length} axes`);
    return [withShape(type, shapeOfImage({ ...image, spatial: sizes }, layout))];
  },
  evaluate(node, [input]) {
    const type = node.outputType();
    // TFLite interpolates int8 and int16 in fixed point, uint8 in float.
    if (input!.type.quantization && isFixedPoint(node.rounding) && node.text('mode') === 'linear' && input!.type.dtype !== 'uint8') return [fixedBilinear(node, input!)];
    const real = resizeAxes(node, input!);
    // Codes between codes: interpolation leaves the scale alone.
    return [tensorOf(type, input!.type.quantization ? Float64Array.from(real, (x) => Math.floor(x + 0.5)) : real)];
  },
  kernels: resizeKernels,
  coupling: perChannel,
  onnx: resizeOnnx,
  tflite: resizeTflite,
};

/** One spatial axis after another: all modes are separable. */
function resizeAxes(node: NodeView, input: Tensor): TensorData {
  const layout = node.text('layout') as Layout;
  const firstSpatial = layout === 'nchw' ? 2 : 1;
  const nearest = node.text('mode') === 'nearest';
  // Codes must not depend on how a machine rounds: each step is float32.
  const add = input.type.quantization ? (sum: number, x: number, weight: number): number => Math.fround(sum + Math.fround(x * Math.fround(weight))) : (sum: number, x: number, weight: number): number => sum + x * weight;
  let shape = [...input.type.shape];
  let data: TensorData = input.data;
  node.ints('sizes').forEach((size, i) => {
    const axis = firstSpatial + i;
    const extent = shape[axis];
    const taps = axisTaps(node, i, extent, size);
    const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
    const outer = shape.slice(0, axis).reduce((a, b) => a * b, 1);
    const result = nearest ? emptyData(input.type.dtype, outer * size * inner) : new Float64Array(outer * size * inner);
    for (let o = 0; o < outer; o++) {
      for (let at = 0; at < size; at++) {
        const to = (o * size + at) * inner;
        for (const { index, weight } of taps[at]) {
          const from = (o * extent + index) * inner;
          for (let j = 0; j < inner; j++) result[to + j] = add(result[to + j], data[from + j], weight);
        }
      }
    }
    data = result;
    shape = shape.map((d, k) => (k === axis ? size : d));
  });
  return data;
}

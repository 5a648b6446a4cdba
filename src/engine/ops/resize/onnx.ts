import type { OnnxMapping, OnnxNode } from '../../formats/onnx/mapping';
import { tensorOf } from '../../ir/tensor';
import { normalAxis } from '../op';
import { imageOf, type Layout } from '../window';
import { coordinateModes } from './taps';

export const resizeOnnx: OnnxMapping = {
  import: {
    Resize: importResize,
    Upsample: importResize,
  },
  export(node, writer) {
    const layout = node.text('layout') as Layout;
    const { shape } = node.outputType();
    const scales = node.attributes.scales as readonly number[] | undefined;
    const attributes = {
      mode: node.text('mode'), coordinate_transformation_mode: node.text('coordinates'), nearest_mode: node.text('rounding', 'round_prefer_floor'),
      cubic_coeff_a: { float: node.int('cubicA', -0.75) },
    };
    if (scales && layout === 'nchw') {
      const list = writer.constant('scales', tensorOf({ dtype: 'float32', shape: [shape.length] }, [1, 1, ...scales]));
      return writer.emit('Resize', [writer.inputs[0], '', list], writer.outputs, attributes);
    }
    const sizes = writer.constant('sizes', tensorOf({ dtype: 'int64', shape: [shape.length] }, shape));
    writer.emit('Resize', [writer.inputs[0], '', '', sizes], writer.outputs, attributes);
  },
};

/** Upsample and Resize-10 give scales as input 1, later ones as 2, or sizes as 3. */
function importResize(node: OnnxNode): void {
  const { shape } = node.type(0);
  if (!shape || shape.length < 3 || shape.slice(2).some((d) => d < 0)) return node.refuse('an image of unknown size');
  const old = node.opType === 'Upsample' || node.opset < 11;
  const coordinates = old ? 'asymmetric' : node.text('coordinate_transformation_mode', 'half_pixel');
  if (!coordinateModes.has(coordinates)) node.refuse(`coordinates by ${coordinates}`);
  if (node.int('antialias', 0) || node.int('exclude_outside', 0)) node.refuse('antialiasing or outside elements left out');
  if (node.text('keep_aspect_ratio_policy', 'stretch') !== 'stretch') node.refuse('a kept aspect ratio');
  const list = (index: number): readonly number[] | undefined => {
    if (node.inputs[index] === undefined) return undefined;
    const values = node.constant(index) ?? node.refuse('a size that varies');
    return values.data.length ? spread(node, shape, Array.from(values.data), index === 3) : undefined;
  };
  const sizes = old ? undefined : list(3);
  const attributeScales = node.floats('scales');
  const scales = node.opType === 'Upsample' && node.opset < 9 ? attributeScales && [...attributeScales] : list(old ? 1 : 2);
  if (!sizes && !scales) return node.refuse('neither sizes nor scales');
  if (scales && (scales[0] !== 1 || scales[1] !== 1)) node.refuse('other axes than the spatial ones');
  if (sizes && (sizes[0] !== shape[0] || sizes[1] !== shape[1])) node.refuse('other axes than the spatial ones');
  node.emit('resize', [node.inputs[0]], {
    layout: 'nchw',
    sizes: sizes ? sizes.slice(2) : imageOf(shape, 'nchw').spatial.map((extent, i) => Math.floor(extent * scales![i + 2])),
    ...(sizes ? {} : { scales: scales!.slice(2) }),
    mode: node.text('mode', 'nearest').replace('bilinear', 'linear'),
    coordinates,
    rounding: old ? 'floor' : node.text('nearest_mode', 'round_prefer_floor'),
    cubicA: node.float('cubic_coeff_a', -0.75),
  });
}

/** Values for `axes` only (Resize-18) as values for all axes. */
function spread(node: OnnxNode, shape: readonly number[], values: readonly number[], areSizes: boolean): readonly number[] {
  const axes = node.ints('axes');
  if (!axes) return values.length === shape.length ? values : node.refuse(`${values.length} values for ${shape.length} axes`);
  const result: number[] = shape.map((extent) => (areSizes ? extent : 1));
  axes.forEach((axis, i) => (result[normalAxis(axis, shape.length)] = values[i]));
  return result;
}

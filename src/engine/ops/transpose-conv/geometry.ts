import { ShapeError, type NodeView } from '../op';
import { imageOf, windowOf, type Image, type Window } from '../window';

export interface TransposeConvGeometry {
  readonly window: Window;
  readonly input: Image;
  readonly outputChannels: number;
  readonly group: number;
  /** Spatial extents of the result. */
  readonly spatial: readonly number[];
}

export function geometry(node: NodeView): TransposeConvGeometry {
  const layout = node.text('layout') as Window['layout'];
  const weights = node.staticType(1).shape;
  const kernel = layout === 'nchw' ? weights.slice(2) : weights.slice(1, -1);
  const window = windowOf(node, kernel);
  const { shape } = node.type(0);
  if (!shape) throw new ShapeError('the image has no known shape');
  const input = imageOf(shape, layout);
  const group = node.int('group', 1);
  const perGroup = layout === 'nchw' ? weights[1] : weights[weights.length - 1];
  if (input.channels !== perGroup * group) throw new ShapeError(`${input.channels} channels, but weights for ${perGroup * group}`);
  const extra = node.ints('outputPads', kernel.map(() => 0));
  const spatial = input.spatial.map((extent, axis) => {
    if (extent < 0) return -1;
    const size = (extent - 1) * window.strides[axis] + (kernel[axis] - 1) * window.dilations[axis] + 1 + extra[axis] - window.padBegin[axis] - window.padEnd[axis];
    if (!(size >= 1)) throw new ShapeError('pads cut off the whole result');
    return size;
  });
  return { window, input, outputChannels: weights[0], group, spatial };
}

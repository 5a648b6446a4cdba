import { ShapeError, type NodeView } from '../op';
import { imageOf, windowOf, type Image, type Window } from '../window';

export interface ConvGeometry {
  readonly window: Window;
  readonly input: Image;
  readonly outputChannels: number;
  readonly group: number;
  readonly depthwise: boolean;
}

export function geometry(node: NodeView): ConvGeometry {
  const layout = node.text('layout') as Window['layout'];
  const weights = node.staticType(1).shape;
  const kernel = layout === 'nchw' ? weights.slice(2) : weights.slice(1, -1);
  const window = windowOf(node, kernel);
  const shape = node.type(0).shape;
  if (!shape) throw new ShapeError('the image has no known shape');
  const input = imageOf(shape, layout);
  const group = node.int('group', 1);
  const perGroup = layout === 'nchw' ? weights[1] : weights[weights.length - 1];
  if (input.channels !== perGroup * group) throw new ShapeError(`${input.channels} channels, but weights for ${perGroup * group}`);
  if (weights[0] % group !== 0) throw new ShapeError(`${weights[0]} output channels cannot be split into ${group} groups`);
  return { window, input, outputChannels: weights[0], group, depthwise: group > 1 && group === input.channels };
}

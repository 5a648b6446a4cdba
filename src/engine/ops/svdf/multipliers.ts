import { quantizeMultiplier } from '../../quant/rounding';
import type { NodeView } from '../op';

/** From products with the input to the state, and from products with the state to the output. Scales are combined in float32. */
export function svdfMultipliers(node: NodeView): { readonly state: ReturnType<typeof quantizeMultiplier>; readonly output: ReturnType<typeof quantizeMultiplier> } {
  const { fround } = Math;
  const [x, feature, time, state, y] = [node.staticType(0), node.staticType(1), node.staticType(2), node.staticType(4), node.outputType()].map((type) => type.quantization!.scale[0]);
  return { state: quantizeMultiplier(fround(fround(x * feature) / state)), output: quantizeMultiplier(fround(fround(state * time) / y)) };
}

import { zeros } from '../../ir/tensor';
import type { OnnxMapping } from '../../formats/onnx/mapping';
import { roundHalfEven } from '../../quant/rounding';
import type { OpDefinition } from '../op';

const onnx: OnnxMapping = {
  import: { DynamicQuantizeLinear: (node) => void node.emit('dynamic_quantize', node.inputs) },
  export: (_node, writer) => writer.emit('DynamicQuantizeLinear', writer.inputs, writer.outputs),
};

/** uint8 codes with scale and zero point from the data's own range. Outputs: codes, scale, zero point. Source: onnx Operators.md, DynamicQuantizeLinear-11. */
export const dynamicQuantize: OpDefinition = {
  name: 'dynamic_quantize',
  label: () => 'DynamicQuantize',
  infer: (node) => [{ dtype: 'uint8', shape: node.type(0).shape }, { dtype: 'float32', shape: [] }, { dtype: 'uint8', shape: [] }],
  evaluate(node, [input]) {
    const [codes, scale, zeroPoint] = [zeros({ dtype: 'uint8', shape: input!.type.shape }), zeros({ dtype: 'float32', shape: [] }), zeros({ dtype: 'uint8', shape: [] })];
    let [low, high] = [0, 0];
    for (const x of input!.data) [low, high] = [Math.min(low, x), Math.max(high, x)];
    const clamp = (x: number): number => Math.min(255, Math.max(0, x));
    scale.data[0] = Math.fround(high - low) / 255;
    const step = scale.data[0];
    zeroPoint.data[0] = step ? clamp(roundHalfEven(Math.fround(-low / step))) : 0;
    for (let i = 0; i < codes.data.length; i++) codes.data[i] = step ? clamp(roundHalfEven(Math.fround(input!.data[i] / step)) + zeroPoint.data[0]) : 0;
    return [codes, scale, zeroPoint].slice(0, node.node.outputs.length);
  },
  onnx,
};

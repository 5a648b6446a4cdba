import type { Kernel } from '../codegen/kernel';
import { baseHeader } from '../codegen/runtime/base-header';
import { codeRange, elementCount } from '../ir/dtype';
import { tensorOf } from '../ir/tensor';
import type { StaticType, Value } from '../ir/types';
import { NodeView, type OpDefinition } from './op';
import text from './tml_lookup_8.h';

const CODES = 256;

/** Functions of one 8-bit code: a table of all 256 results, computed by the op's own definition. */
export const lookup8 = (op: () => OpDefinition): Kernel => ({
  header: { file: 'tml_lookup_8.h', text, needs: [baseHeader] },
  supports(node) {
    const [from, to] = [node.type(0), node.outputType()];
    return [from, to].every((type) => (type.dtype === 'int8' || type.dtype === 'uint8') && type.quantization !== undefined && type.quantization.axis === undefined) && node.node.inputs.slice(1).every((id) => id === undefined);
  },
  plan(node) {
    return {
      function: 'tml_lookup_8',
      params: { type: 'tml_lookup_8_params', members: { elements: elementCount(node.outputType().shape) } },
      inputs: [0],
      constants: [{ role: 'table', dtype: 'uint8', elements: CODES, make: () => tableOf(node, op()) }],
      overlaps: [{ input: 0, same: true, before: 0 }],
      inputTypes: ['uint8_t'],
      outputType: 'uint8_t',
      codeBytes: 24,
    };
  },
});

/** Results as bytes, in the order of the input's byte. */
function tableOf(node: NodeView, op: OpDefinition): Uint8Array {
  const ofAll = (value: Value): Value => ({ ...value, type: { ...value.type, shape: [CODES] } });
  const [input, output] = [ofAll(node.input(0)), ofAll(node.output())];
  const view = new NodeView({ values: new Map([...node.graph.values, [input.id, input], [output.id, output]]) }, node.node, node.rounding);
  const [low] = codeRange(input.type.dtype);
  const codes = Array.from({ length: CODES }, (_, byte) => (low < 0 ? (byte << 24) >> 24 : byte));
  const [result] = op.evaluate(view, [tensorOf(input.type as StaticType, codes)]);
  return Uint8Array.from(result.data, (code) => code & 255);
}

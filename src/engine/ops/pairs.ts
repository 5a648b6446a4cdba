import { broadcastMembers, broadcastPlan } from '../codegen/broadcast-plan';
import { cTypeOf, isElement, packedInput, readerOf, suffixOf } from '../codegen/element-types';
import type { Kernel, KernelHeader, Overlap } from '../codegen/kernel';
import { baseHeader } from '../codegen/runtime/base-header';
import { requantizeHeader } from '../codegen/runtime/requantize-header';
import { dtypes } from '../ir/dtype';
import { fusedClamp } from './clamp-range';
import type { NodeView } from './op';
import codes from './tml_code_pairs.h';
import text from './tml_pairs.h';

export const pairsHeader: KernelHeader = { file: 'tml_pairs.h', text, needs: [baseHeader] };
export const codePairsHeader: KernelHeader = { file: 'tml_code_pairs.h', text: codes, needs: [pairsHeader, requantizeHeader] };

/** A C function or macro of (parameters, x, y). */
export interface PairFunction {
  readonly name: string;
  readonly header: KernelHeader;
  readonly params: string;
  /** Parameters besides the loops'. */
  readonly members: Readonly<Record<string, number>>;
}

const AXES = 4;

const planOf = (node: NodeView): ReturnType<typeof broadcastPlan> => broadcastPlan(node.outputType().shape, [node.staticType(0).shape, node.staticType(1).shape], AXES);

/** A node with two inputs, element by element, with broadcasting; one of them may be constant. `of` says which function it is, or that it is none. */
export function pairKernel(header: KernelHeader, of: (node: NodeView) => PairFunction | undefined): Kernel {
  return {
    header,
    supports: (node) =>
      node.has(1) && [node.type(0), node.type(1), node.outputType()].every(isElement) && !(node.isConstant(0) && node.isConstant(1)) && of(node) !== undefined && planOf(node) !== undefined,
    plan(node) {
      const { name: f, params, members } = of(node)!;
      // What is constant comes second.
      const order = node.isConstant(0) ? [1, 0] : [0, 1];
      const [a, b] = order.map((i) => node.staticType(i));
      const output = node.outputType();
      const { counts, strides } = planOf(node)!;
      const isConstant = node.isConstant(order[1]);
      const name = `${f.toLowerCase()}_${[a, b, output].map(suffixOf).join('_')}${isConstant ? (order[0] ? '_turned' : '_constant') : ''}`;
      const args = [params, cTypeOf(a), cTypeOf(b), isConstant ? readerOf(b) : 'TML_RAM', cTypeOf(output), order[0] ? 'TML_TURNED' : 'TML_STRAIGHT', f];
      return {
        function: name,
        params: { type: params, members: { ...broadcastMembers({ counts, strides: order.map((i) => strides[i]) }, ['a', 'b']), ...members } },
        inputs: isConstant ? [order[0]] : order,
        constants: isConstant ? [packedInput(node, order[1], 'operand')] : [],
        overlaps: order.flatMap((input): Overlap[] => (node.isConstant(input) || !isSameShape(node, input) ? [] : [{ input, same: true }])),
        inputTypes: isConstant ? [cTypeOf(a)] : [cTypeOf(a), cTypeOf(b)],
        outputType: cTypeOf(output),
        instances: [{ macro: 'TML_PAIRS', name, args, codeBytes: 0 }],
        // One run of elements, or loops over axes; codes are scaled, too.
        codeBytes: (counts.slice(0, -1).every((count) => count === 1) ? 30 : 80) + (header === codePairsHeader ? 90 : 0),
      };
    },
  };
}

/** Elements of the same size in the same places: each is read before it is written. */
const isSameShape = (node: NodeView, input: number): boolean =>
  node.staticType(input).shape.join() === node.outputType().shape.join() && dtypes[node.type(input).dtype].bits === dtypes[node.outputType().dtype].bits;

/** Plain numbers of one type; `real` and `whole` are the functions of floats and integers. */
export const plainPairs = (real: string | undefined, whole: string | undefined = real): Kernel =>
  pairKernel(pairsHeader, (node) => {
    const { min, max } = fusedClamp(node);
    const [a, b] = [node.type(0), node.type(1)];
    const isReal = a.dtype === 'float32';
    const name = isReal ? real : whole;
    if (!name || a.dtype !== b.dtype || node.outputType().quantization || a.quantization || b.quantization || (!isReal && (min !== undefined || max !== undefined))) return undefined;
    return { name, header: pairsHeader, params: 'tml_pairs_params', members: { low: min ?? -Infinity, high: max ?? Infinity } };
  });

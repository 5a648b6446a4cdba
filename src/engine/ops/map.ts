import { cTypeOf, isElement, suffixOf } from '../codegen/element-types';
import type { Kernel, KernelHeader } from '../codegen/kernel';
import { baseHeader } from '../codegen/runtime/base-header';
import { requantizeHeader } from '../codegen/runtime/requantize-header';
import { codeRange, dtypes, elementCount } from '../ir/dtype';
import type { NodeView } from './op';
import { isFixedPoint } from './real-result';
import codes from './tml_code_map.h';
import text from './tml_map.h';
import real from './tml_real_functions.h';

export const mapHeader: KernelHeader = { file: 'tml_map.h', text, needs: [baseHeader] };
export const realFunctionsHeader: KernelHeader = { file: 'tml_real_functions.h', text: real, needs: [mapHeader] };
export const codeMapHeader: KernelHeader = { file: 'tml_code_map.h', text: codes, needs: [mapHeader, requantizeHeader] };

/** A C function or macro of (parameters, x). */
export interface MapFunction {
  readonly name: string;
  readonly members?: Readonly<Record<string, number>>;
}

/** A node that computes each element of its result from one of input 0. `of` says by which function, or that it is none. */
function mapKernel(header: KernelHeader, params: string, codeBytes: number, of: (node: NodeView) => MapFunction | undefined): Kernel {
  return {
    header,
    supports: (node) => isElement(node.type(0)) && isElement(node.outputType()) && of(node) !== undefined,
    plan(node) {
      const { name: f, members } = of(node)!;
      const [input, output] = [node.staticType(0), node.outputType()];
      const name = `${f.toLowerCase()}_${suffixOf(input)}_${suffixOf(output)}`;
      return {
        function: name,
        params: { type: params, members: { elements: elementCount(output.shape), ...members } },
        inputs: [0],
        constants: [],
        overlaps: dtypes[output.dtype].bits <= dtypes[input.dtype].bits ? [{ input: 0, same: true }] : [],
        inputTypes: [cTypeOf(input)],
        outputType: cTypeOf(output),
        instances: [{ macro: 'TML_MAP', name, args: [params, cTypeOf(input), cTypeOf(output), f], codeBytes: 0 }],
        codeBytes,
      };
    },
  };
}

/** Plain numbers: float32, integers, truth values. */
export const plainMap = (of: (node: NodeView) => MapFunction | undefined): Kernel => mapKernel(mapHeader, 'tml_map_params', 40, of);

/** A function of float32; `parameters` in the order a, b. */
export const realMap = (name: string, parameters: (node: NodeView) => readonly number[] = () => []): Kernel =>
  mapKernel(realFunctionsHeader, 'tml_map_params', 60, (node) => {
    if (node.type(0).dtype !== 'float32' || !['float32', 'bool'].includes(node.outputType().dtype)) return undefined;
    const [a, b] = parameters(node);
    return { name, members: { ...(a === undefined ? {} : { a }), ...(b === undefined ? {} : { b }) } };
  });

/** Codes of either side; zero points and the result's range come along. */
export const codeMap = (of: (node: NodeView) => MapFunction | undefined): Kernel =>
  mapKernel(codeMapHeader, 'tml_code_map_params', 70, (node) => {
    const f = of(node);
    if (!f) return undefined;
    const [from, to] = [node.type(0).quantization, node.outputType().quantization];
    const [low, high] = to ? codeRange(node.outputType().dtype) : [0, 0];
    return { name: f.name, members: { ...(from ? { in_zero_point: from.zeroPoint[0] } : {}), ...(to ? { out_zero_point: to.zeroPoint[0], low, high } : {}), ...f.members } };
  });

/** A real function of codes by onnxruntime's rule, for types with too many codes for a table; on cores whose double has 64 bits. */
export function realCodes(name: string, parameter: (node: NodeView) => number | undefined = () => undefined): Kernel {
  const kernel = codeMap((node) => {
    const [from, to] = [node.type(0).quantization, node.outputType().quantization];
    if (!from || !to || from.axis !== undefined || to.axis !== undefined || isFixedPoint(node.rounding)) return undefined;
    const a = parameter(node);
    return { name, members: { scale: Math.fround(from.scale[0]), out_scale: Math.fround(to.scale[0]), ...(a === undefined ? {} : { a }) } };
  });
  return { ...kernel, isas: ['c99', 'rv32', 'dsp', 'mve'] };
}

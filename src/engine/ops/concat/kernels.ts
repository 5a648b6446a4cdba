import { COPY_CODE_BYTES, copyCall, copyHeader, isCopyable, rowStrides } from '../../codegen/copy-plan';
import type { Kernel, KernelCall, KernelHeader } from '../../codegen/kernel';
import { codeRange, dtypes, typeBytes } from '../../ir/dtype';
import { encodeBytes, tensorOf } from '../../ir/tensor';
import type { StaticType } from '../../ir/types';
import { codeMapHeader } from '../map';
import { normalAxis, type NodeView } from '../op';
import { rescaledCodes } from './rescaled-codes';
import { keepsCodes } from './same-codes';
import text from './tml_copy_mapped.h';

const joinHeader: KernelHeader = { file: 'tml_copy_mapped.h', text, needs: [codeMapHeader, copyHeader] };

/** One block for each input that varies. */
function calls(node: NodeView): readonly (KernelCall | undefined)[] {
  const type = node.outputType();
  const axis = normalAxis(node.int('axis'), type.shape.length);
  const toStrides = rowStrides(type.shape);
  let at = 0;
  return node.node.inputs.map((_, i) => {
    const { shape } = node.staticType(i);
    const to = at * toStrides[axis];
    at += shape[axis];
    return copyCall(type, { counts: shape, fromStrides: rowStrides(shape), toStrides, from: 0, to }, i);
  });
}

const join: Kernel = {
  header: copyHeader,
  supports: (node) => isCopyable(node.outputType()) && node.node.inputs.every((_, i) => !node.isConstant(i) && keepsCodes(node, i)) && calls(node).every(Boolean),
  plan(node) {
    const [first, ...then] = calls(node) as KernelCall[];
    return { ...first, then, codeBytes: COPY_CODE_BYTES * (1 + then.length) };
  },
};

/** Constant inputs, already under the output's scale, and inputs whose codes go through a table of all 256. */
const joinOthers: Kernel = {
  header: joinHeader,
  supports: (node) => isCopyable(node.outputType()) && node.node.inputs.every((_, i) => node.isConstant(i) || keepsCodes(node, i) || dtypes[node.type(i).dtype].bits === 8 || node.type(i).dtype === 'int16') && calls(node).every(Boolean),
  plan(node) {
    const type = node.outputType();
    const [first, ...then] = (calls(node) as KernelCall[]).map((call, i): KernelCall => {
      if (node.isConstant(i)) {
        const bytes = (): Uint8Array => encodeBytes(type.dtype, keepsCodes(node, i) ? node.constant(i)!.data : rescaledCodes(node, type, node.constant(i)!));
        return { ...call, function: 'tml_copy_const', inputs: [], inputTypes: [], constants: [{ role: `part_${i}`, dtype: 'uint8', elements: typeBytes(node.staticType(i)), make: bytes }] };
      }
      if (!keepsCodes(node, i) && type.dtype === 'int16') return { ...call, function: 'tml_join_s16', params: { type: 'tml_join_params', members: { ...call.params!.members, ...rescaling(node, i) } } };
      return keepsCodes(node, i) ? call : { ...call, function: 'tml_copy_mapped', constants: [{ role: `codes_${i}`, dtype: 'uint8', elements: CODES, make: () => tableOf(node, type, i) }] };
    });
    return { ...first, then, overlaps: [], codeBytes: COPY_CODE_BYTES * (1 + then.length) };
  },
};

function rescaling(node: NodeView, index: number): Record<string, number> {
  const [from, to] = [node.staticType(index).quantization!, node.outputType().quantization!];
  const [low, high] = codeRange(node.outputType().dtype);
  return { in_zero_point: from.zeroPoint[0], out_zero_point: to.zeroPoint[0], low, high, scale: Math.fround(from.scale[0]), out_scale: Math.fround(to.scale[0]) };
}

const CODES = 256;

/** What becomes of each code of an input, in the order of its byte. */
function tableOf(node: NodeView, type: StaticType, index: number): Uint8Array {
  const from: StaticType = { ...node.staticType(index), shape: [CODES] };
  const codes = Array.from({ length: CODES }, (_, byte) => (from.dtype === 'int8' ? (byte << 24) >> 24 : byte));
  return Uint8Array.from(rescaledCodes(node, type, tensorOf(from, codes)), (code) => code & 255);
}

export const concatKernels: readonly Kernel[] = [join, joinOthers];

import { COPY_CODE_BYTES, copyCall, copyHeader, isCopyable, rowStrides } from '../../codegen/copy-plan';
import type { Kernel, KernelCall } from '../../codegen/kernel';
import { takeKernel } from '../../codegen/take-plan';
import { dtypes, typeBytes } from '../../ir/dtype';
import type { NodeView } from '../op';
import { paddingCode } from './padding-code';
import { paddedPlaces } from './places';

/** What of the input lies inside of the result; negative pads cut it. */
function callOf(node: NodeView): KernelCall | undefined {
  const type = node.outputType();
  const { shape } = node.staticType(0);
  const begins = node.ints('begins');
  const starts = begins.map((begin) => Math.max(0, -begin));
  const counts = shape.map((extent, axis) => Math.max(0, Math.min(extent, type.shape[axis] - begins[axis]) - starts[axis]));
  const [fromStrides, toStrides] = [rowStrides(shape), rowStrides(type.shape)];
  const from = starts.reduce((sum, start, axis) => sum + start * fromStrides[axis], 0);
  const to = begins.reduce((sum, begin, axis) => sum + Math.max(0, begin) * toStrides[axis], 0);
  return copyCall(type, { counts, fromStrides, toStrides, from, to }, 0);
}

const border: Kernel = {
  header: copyHeader,
  supports(node) {
    if (node.text('mode', 'constant') !== 'constant' || node.node.inputs.length > 1) return false;
    const type = node.outputType();
    return isCopyable(type) && (dtypes[type.dtype].bits === 8 || Object.is(paddingCode(node), 0)) && callOf(node) !== undefined;
  },
  plan(node) {
    const type = node.outputType();
    return {
      function: 'tml_fill',
      params: { type: 'tml_fill_params', members: { bytes: typeBytes(type), value: paddingCode(node) } },
      inputs: [],
      constants: [],
      inputTypes: [],
      outputType: 'uint8_t',
      then: [callOf(node)!],
      codeBytes: COPY_CODE_BYTES + 20,
    };
  },
};

const mirror = takeKernel((node) => (node.node.inputs.length > 1 ? undefined : { axes: paddedPlaces(node), filler: paddingCode(node) }));

export const padKernels: readonly Kernel[] = [border, mirror];

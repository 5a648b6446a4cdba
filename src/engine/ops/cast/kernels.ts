import type { Kernel } from '../../codegen/kernel';
import { isFloatType } from '../../ir/dtype';
import { plainMap } from '../map';

export const castKernels: readonly Kernel[] = [
  plainMap((node) => {
    const [from, to] = [node.type(0), node.outputType()];
    if (from.quantization || to.quantization) return undefined;
    if (to.dtype === 'bool') return { name: 'TML_TRUTH' };
    return { name: isFloatType(from.dtype) && !isFloatType(to.dtype) ? 'TML_WHOLE' : 'TML_SAME' };
  }),
];

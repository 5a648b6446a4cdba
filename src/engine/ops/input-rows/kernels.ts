import { baseHeader } from '../../codegen/runtime/base-header';
import type { Kernel } from '../../codegen/kernel';

/** The caller writes the rows itself: there is nothing to call. */
const handedOver: Kernel = {
  header: baseHeader,
  supports: () => true,
  plan: () => ({ function: '', inputs: [], constants: [], inputTypes: [], outputType: 'uint8_t', codeBytes: 24 }),
};

export const inputRowsKernels: readonly Kernel[] = [handedOver];

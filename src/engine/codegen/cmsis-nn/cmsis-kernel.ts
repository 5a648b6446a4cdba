import type { NodeView } from '../../ops/op';
import { fusedClamp } from '../../ops/clamp-range';
import { layerMultipliers } from '../../ops/fixed-weights';
import { clampedRange } from '../../quant/rounding';
import type { Isa, Kernel, KernelHeader, KernelPlan, PackedConstant } from '../kernel';
import { isas } from '../kernel';
import { baseHeader } from '../runtime/base-header';
import text from './tml_cmsis_nn.h';

export const cmsisHeader: KernelHeader = { file: 'tml_cmsis_nn.h', text, needs: [baseHeader] };

/** What CMSIS-NN asks for differs between its builds: with Helium, and without. */
export type CmsisBuild = 'mve' | 'other';

/**
 * A layer that CMSIS-NN computes as TFLite does: int8, rounded twice. One kernel for each of its builds, as they want scratch
 * memory of different sizes.
 */
export const cmsisKernels = (supports: (node: NodeView) => boolean, plan: (node: NodeView, build: CmsisBuild) => Omit<KernelPlan, 'inputTypes' | 'outputType' | 'codeBytes' | 'overlaps'>): readonly Kernel[] => {
  const kernel = (build: CmsisBuild, own: readonly Isa[]): Kernel => ({
    header: cmsisHeader,
    backend: 'cmsis-nn',
    isas: own,
    supports: (node) => node.rounding === 'tflite-double-round' && isInt8(node.type(0)) && isInt8(node.outputType()) && supports(node),
    plan(node) {
      const own = plan(node, build);
      // Only the call is ours: what the library takes depends on how it is built.
      return { ...own, isChecked: true, overlaps: [], inputTypes: own.inputs.map(() => 'int8_t'), outputType: 'int8_t', codeBytes: 90 };
    },
  });
  return [kernel('mve', ['mve']), kernel('other', isas.filter((isa) => isa !== 'mve'))];
};

const isInt8 = (type: { dtype: string; quantization?: { axis?: number } }): boolean => type.dtype === 'int8' && type.quantization !== undefined && type.quantization.axis === undefined;

/** Zero points and clamp of a layer. */
export function codeMembers(node: NodeView): Record<string, number> {
  const { min, max } = fusedClamp(node);
  const output = node.outputType();
  const [low, high] = clampedRange(output, min, max);
  return { in_zero_point: node.staticType(0).quantization!.zeroPoint[0], out_zero_point: output.quantization!.zeroPoint[0], low, high };
}

/** Multipliers with shifts of 32 bits, one for each of `channels` where the library wants that. */
export function cmsisMultipliers(node: NodeView, channels: number, singlePrecisionProduct = false): readonly PackedConstant[] {
  const spread = (list: ArrayLike<number>): Int32Array => Int32Array.from({ length: channels }, (_, i) => list[list.length === 1 ? 0 : i]);
  return [
    { role: 'mantissa', dtype: 'int32', elements: channels, make: () => spread(layerMultipliers(node, singlePrecisionProduct).mantissas) },
    { role: 'shift', dtype: 'int32', elements: channels, make: () => spread(layerMultipliers(node, singlePrecisionProduct).shifts) },
  ];
}

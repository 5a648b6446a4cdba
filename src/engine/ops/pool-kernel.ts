import { cTypeOf, isCodes, isElement, suffixOf } from '../codegen/element-types';
import type { Kernel, KernelHeader } from '../codegen/kernel';
import { baseHeader } from '../codegen/runtime/base-header';
import { codeRange, dtypes } from '../ir/dtype';
import { clampedRange } from '../quant/rounding';
import { fusedClamp } from './clamp-range';
import type { NodeView } from './op';
import { poolGeometry, poolMembers } from './pool';
import { isFixedPoint } from './real-result';
import text from './tml_pool.h';

const header: KernelHeader = { file: 'tml_pool.h', text, needs: [baseHeader] };

/** Pools that the faster kernels leave: with gaps, and on other types than int8 and float32. */
const supportsWindow = (node: NodeView): boolean => node.text('layout') === 'nhwc' && node.ints('kernel').length <= 2 && isElement(node.type(0)) && node.type(0).dtype === node.outputType().dtype;

function windowMembers(node: NodeView): Record<string, number> {
  const { window } = poolGeometry(node);
  const plane = (list: readonly number[], filler: number): readonly number[] => (list.length === 1 ? [filler, list[0]] : list);
  const [dilationH, dilationW] = plane(window.dilations, 1);
  const [bottom, right] = plane(window.padEnd, 0);
  return { ...poolMembers(node), dilation_h: dilationH, dilation_w: dilationW, pad_bottom: bottom, pad_right: right };
}

function poolKernel(name: string, supports: (node: NodeView) => boolean, of: (node: NodeView) => { args: readonly string[]; members: Record<string, number> }): Kernel {
  return {
    header,
    supports: (node) => supportsWindow(node) && supports(node),
    plan(node) {
      const type = node.outputType();
      const { args, members } = of(node);
      const own = `tml_${name}_any_${suffixOf(type)}`;
      return {
        function: own,
        params: { type: 'tml_pool_params', members: { ...windowMembers(node), ...members } },
        inputs: [0],
        constants: [],
        overlaps: [],
        inputTypes: [cTypeOf(type)],
        outputType: cTypeOf(type),
        instances: [{ macro: 'TML_POOL', name: own, args: [cTypeOf(type), ...args], codeBytes: 0 }],
        codeBytes: 260,
      };
    },
  };
}

export const maxPoolAny = poolKernel('max_pool', (node) => node.type(0).dtype === 'float32' || dtypes[node.type(0).dtype].range !== undefined, (node) => {
  const { dtype } = node.type(0);
  const lowest = dtype === 'float32' ? '-INFINITY' : String(codeRange(dtype)[0]);
  return { args: [dtype === 'float32' ? 'float' : 'int32_t', lowest, 'TML_POOL_MAX', 'TML_POOL_SAME'], members: {} };
});

export const averagePoolAny = poolKernel('average_pool', (node) => node.type(0).dtype === 'float32' || (isCodes(node.type(0)) && isCodes(node.outputType())), (node) => {
  const { min, max } = fusedClamp(node);
  const [from, to] = [node.staticType(0), node.outputType()];
  const count_padding = node.flag('countPadding') ? 1 : 0;
  if (from.dtype === 'float32') {
    return { args: ['float', '0', 'TML_POOL_SUM', 'TML_POOL_MEAN_F32'], members: { count_padding, real_low: min ?? -Infinity, real_high: max ?? Infinity } };
  }
  const [low, high] = clampedRange(to, min, max);
  const codes = { count_padding, in_zero_point: from.quantization!.zeroPoint[0], out_zero_point: to.quantization!.zeroPoint[0], low, high };
  if (isFixedPoint(node.rounding)) return { args: ['int32_t', '0', 'TML_POOL_SUM', 'TML_POOL_MEAN_CODE'], members: codes };
  const scales = { in_scale: Math.fround(from.quantization!.scale[0]), out_scale: Math.fround(to.quantization!.scale[0]) };
  return { args: ['int32_t', '0', 'TML_POOL_SUM', 'TML_POOL_MEAN_REAL'], members: { ...codes, ...scales } };
});

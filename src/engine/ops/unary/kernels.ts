import type { Kernel } from '../../codegen/kernel';
import { isFloatType } from '../../ir/dtype';
import type { NodeView } from '../op';
import { plainMap, realMap } from '../map';

/** Functions that integers and truth values have too. */
const whole: Readonly<Record<string, string>> = { abs: 'TML_ABS_INT', neg: 'TML_NEG_INT', sign: 'TML_SIGN_INT', bitwise_not: 'TML_BIT_NOT', logical_not: 'TML_NOT' };

/** C functions of tml_real_functions.h and tml_map.h. `parameters` gives what they take, in order. */
export function unaryKernels(name: string, parameters: (node: NodeView) => readonly number[]): readonly Kernel[] {
  const onWhole = plainMap((node) => (whole[name] && !isFloatType(node.type(0).dtype) && !node.type(0).quantization ? { name: whole[name] } : undefined));
  if (name === 'bitwise_not' || name === 'logical_not') return [onWhole];
  return [realMap(`TML_${name.toUpperCase()}_F32`, parameters), ...(whole[name] ? [onWhole] : [])];
}

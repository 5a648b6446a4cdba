import type { Kernel } from '../../codegen/kernel';
import { equalQuantization } from '../../quant/equal';
import { pairKernel, pairsHeader, plainPairs } from '../pairs';
import type { BinaryFunction } from './functions';

interface Functions {
  readonly real?: string;
  readonly whole?: string;
  /** Works on codes of one scale as well. */
  readonly codes?: string;
}

const same = (name: string): Functions => ({ real: name, whole: name });
const order = (name: string): Functions => ({ ...same(name), codes: name });

/** C functions of tml_pairs.h. Whole numbers have no power: no runtime agrees with another on them. */
const functions: Readonly<Record<string, Functions>> = {
  div: { real: 'TML_DIV_F32', whole: 'TML_DIV_INT' }, pow: { real: 'TML_POW_F32' }, mod: { real: 'TML_MOD_F32', whole: 'TML_MOD_INT' }, fmod: { real: 'TML_FMOD_F32', whole: 'TML_FMOD_INT' },
  min: order('TML_MIN'), max: order('TML_MAX'), equal: order('TML_EQUAL'), less: order('TML_LESS'), less_equal: order('TML_LESS_EQUAL'), greater: order('TML_GREATER'),
  greater_equal: order('TML_GREATER_EQUAL'), logical_and: same('TML_AND'), logical_or: same('TML_OR'), logical_xor: same('TML_XOR'), bitwise_and: { whole: 'TML_BIT_AND' },
  bitwise_or: { whole: 'TML_BIT_OR' }, bitwise_xor: { whole: 'TML_BIT_XOR' }, shift_left: { whole: 'TML_SHIFT_LEFT' }, shift_right: { whole: 'TML_SHIFT_RIGHT' },
};

export function binaryKernels({ name }: BinaryFunction): readonly Kernel[] {
  const { real, whole, codes } = functions[name];
  const onCodes = pairKernel(pairsHeader, (node) => {
    const [a, b] = [node.type(0), node.type(1)];
    if (!codes || !a.quantization || a.dtype !== b.dtype || !equalQuantization(a.quantization, b.quantization)) return undefined;
    return { name: codes, header: pairsHeader, params: 'tml_pairs_params', members: {} };
  });
  return [plainPairs(real, whole), onCodes];
}

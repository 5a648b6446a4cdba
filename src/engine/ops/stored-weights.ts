import type { PackedConstant } from '../codegen/kernel';
import { byteLengthOf, elementCount } from '../ir/dtype';
import type { DType } from '../ir/types';
import type { NodeView } from './op';

/** How weights lie in flash: the name that C's macros end in, and their bytes. */
export interface StoredWeights {
  readonly form: 'F32' | 'F16' | 'S8' | 'U8' | 'S4' | 'U4' | 'S2' | 'B1' | 'C2S8' | 'C4S8' | 'C2F32' | 'C4F32' | 'C8F32';
  readonly constant: PackedConstant;
}

const forms: Partial<Record<DType, { readonly form: StoredWeights['form']; readonly stored: PackedConstant['dtype'] }>> = {
  float32: { form: 'F32', stored: 'float32' }, float16: { form: 'F16', stored: 'uint16' }, int8: { form: 'S8', stored: 'int8' }, uint8: { form: 'U8', stored: 'uint8' },
  int4: { form: 'S4', stored: 'uint8' }, uint4: { form: 'U4', stored: 'uint8' }, int2: { form: 'S2', stored: 'uint8' },
};

/** Input 1 as the file stores it, narrow types packed; two-bit codes that are all 1 or -1 take one bit. */
export function storedWeights(node: NodeView): StoredWeights | undefined {
  const type = node.staticType(1);
  const found = forms[type.dtype];
  if (!found || !node.isConstant(1)) return undefined;
  const count = elementCount(type.shape);
  const bytes = (): Uint8Array => node.input(1).constant!.bytes();
  const plain = (elements: number, make: PackedConstant['make']): PackedConstant => ({ role: 'weights', dtype: found.stored, elements, make });
  if (found.form === 'F16') return { form: 'F16', constant: plain(count, () => Uint16Array.from({ length: count }, (_, i) => bytes()[2 * i] | (bytes()[2 * i + 1] << 8))) };
  if (found.stored !== 'uint8' || type.dtype === 'uint8') return { form: found.form, constant: plain(count, () => node.constant(1)!.data) };
  if (type.dtype === 'int2' && node.constant(1)!.data.every((code) => code === 1 || code === -1)) return { form: 'B1', constant: plain(Math.ceil(count / 8), () => bitsOf(node.constant(1)!.data)) };
  return { form: found.form, constant: plain(byteLengthOf(type.dtype, count), bytes) };
}

function bitsOf(codes: ArrayLike<number>): Uint8Array {
  const bits = new Uint8Array(Math.ceil(codes.length / 8));
  for (let i = 0; i < codes.length; i++) if (codes[i] === 1) bits[i >> 3] |= 1 << (i & 7);
  return bits;
}

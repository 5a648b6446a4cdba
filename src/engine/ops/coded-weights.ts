import { elementCount } from '../ir/dtype';
import type { NodeView } from './op';
import type { StoredWeights } from './stored-weights';
import { weightContent } from './weight-content';

/** Bits of a code, the fewest first. */
const CODE_BITS = [2, 4, 8] as const;

const bits32 = new DataView(new ArrayBuffer(4));
const wordOf = (value: number): number => {
  bits32.setFloat32(0, value);
  return bits32.getUint32(0);
};

/**
 * Weights of few different numbers (clustered ones, whoever clustered them) as a codebook and a code for each: one array, the
 * codebook first. int8: bytes, codes of 2 or 4 bits. float32: words, codes of 2, 4 or 8 bits. Undefined where that is not smaller.
 */
export function codedWeights(node: NodeView): StoredWeights | undefined {
  const content = weightContent(node);
  if (!content?.distinct) return undefined;
  const isReal = node.type(1).dtype === 'float32';
  const bits = CODE_BITS.find((b) => 2 ** b >= content.distinct!.length)!;
  if (bits === 8 && !isReal) return undefined;
  const count = elementCount(node.staticType(1).shape);
  const perCell = (isReal ? 32 : 8) / bits;
  const entries = 2 ** bits;
  const elements = entries + Math.ceil(count / perCell);
  if (elements >= count) return undefined;
  const { distinct, data } = content;
  const make = (): Uint8Array | Uint32Array => {
    const cells = isReal ? new Uint32Array(elements) : new Uint8Array(elements);
    distinct.forEach((value, code) => (cells[code] = isReal ? wordOf(value) : value & 255));
    const codes = new Map(distinct.map((value, code) => [value, code]));
    for (let i = 0; i < count; i++) cells[entries + Math.floor(i / perCell)] |= codes.get(data[i])! << (bits * (i % perCell));
    return cells;
  };
  return { form: `C${bits}${isReal ? 'F32' : 'S8'}` as StoredWeights['form'], constant: { role: 'codes', dtype: isReal ? 'uint32' : 'uint8', elements, make } };
}

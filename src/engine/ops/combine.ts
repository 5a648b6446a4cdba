import { isWide } from '../ir/dtype';
import { zeros, type Tensor } from '../ir/tensor';
import type { StaticType } from '../ir/types';
import { broadcastOffsets } from './broadcast';

/** `f` of each pair of elements, broadcast to the result's shape. */
export function combine(type: StaticType, a: Tensor, b: Tensor, f: (x: number, y: number) => number): Tensor {
  const result = zeros(type);
  const { data } = result;
  const [atA, atB] = [placesOf(a, type), placesOf(b, type)];
  for (let i = 0; i < data.length; i++) data[i] = f(a.data[atA ? atA[i] : i], b.data[atB ? atB[i] : i]);
  return result;
}

/** The same on integers of 64 bits, which a double cannot hold bit by bit. */
export function combineWide(type: StaticType, a: Tensor, b: Tensor, f: (x: bigint, y: bigint) => bigint): Tensor {
  const wrap = type.dtype === 'int64' ? BigInt.asIntN : BigInt.asUintN;
  if (!isWide(type.dtype)) throw new Error(`${type.dtype} needs no 64-bit arithmetic`);
  return combine(type, a, b, (x, y) => Number(wrap(64, f(BigInt(x), BigInt(y)))));
}

/** Where each element of the result comes from; undefined where it is its own place. */
export const placesOf = (tensor: Tensor, result: StaticType): Int32Array | undefined =>
  tensor.type.shape.join() === result.shape.join() ? undefined : broadcastOffsets(tensor.type.shape, result.shape);

import type { ConstantData } from '../../ir/types';
import type { IndexVector, SparsityTable } from './schema';

/** The sparsity of a tensor contradicts itself. */
export class SparseError extends Error {}

interface Level {
  /** Extent of a dense level; of a compressed one, unknown. */
  readonly size: number;
  readonly segments?: ArrayLike<number>;
  readonly indices?: ArrayLike<number>;
}

/**
 * A sparse tensor as a dense one, made when first read. Levels are the tensor's axes in traversal order, then the axes of its
 * blocks. Source: schema.fbs, SparsityParameters; tensorflow/lite/kernels/internal/utils/sparsity_format_converter.
 */
export function densify(sparsity: SparsityTable, shape: readonly number[], bits: number, bytes: Uint8Array, denseBytes: number): ConstantData {
  if (bits % 8 !== 0 || bits === 0) throw new SparseError('is sparse with elements of less than a byte');
  const order = sparsity.traversalOrder ?? [];
  const blockMap = sparsity.blockMap ?? [];
  const levels = (sparsity.dimMetadata ?? []).map((level): Level => {
    if (level.format === 0) return { size: level.denseSize };
    const [segments, indices] = [valuesOf(level.arraySegments), valuesOf(level.arrayIndices)];
    if (!segments || !indices) throw new SparseError('is compressed along an axis without its indices');
    return { size: 0, segments, indices };
  });
  const rank = shape.length;
  if (order.length !== rank + blockMap.length || levels.length !== order.length) throw new SparseError(`is sparse along ${levels.length} axes, but has ${rank}`);
  if (new Set(order).size !== order.length || order.some((axis) => !(axis >= 0 && axis < order.length))) throw new SparseError('has a traversal order that is none');
  if (blockMap.some((axis) => !(axis >= 0 && axis < rank))) throw new SparseError('has blocks along an axis that it has not');
  let dense: Uint8Array | undefined;
  return { byteLength: denseBytes, bytes: () => (dense ??= scatter(levels, order, blockMap, shape, bits / 8, bytes, denseBytes)) };
}

const valuesOf = (vector: IndexVector | undefined): ArrayLike<number> | undefined => vector?.table?.values ?? (vector?.table ? [] : undefined);

function scatter(levels: readonly Level[], order: readonly number[], blockMap: readonly number[], shape: readonly number[], size: number, bytes: Uint8Array, denseBytes: number): Uint8Array {
  const rank = shape.length;
  const result = new Uint8Array(denseBytes);
  const blockSizes = shape.map((_, axis) => {
    const block = blockMap.indexOf(axis);
    return block < 0 ? 1 : Math.max(1, levels[order.indexOf(rank + block)].size);
  });
  const position = new Array<number>(order.length).fill(0);
  let steps = 0;
  // Positions past the data are zeros, so a hostile extent ends the walk instead of prolonging it.
  const walk = (level: number, entry: number): void => {
    if (entry * size >= bytes.length || ++steps > 4 * (bytes.length + denseBytes) + 1000) return;
    if (level === levels.length) return place(entry);
    const { size: extent, segments, indices } = levels[level];
    if (!segments || !indices) {
      for (let i = 0; i < extent && (entry * extent + i) * size < bytes.length; i++) {
        position[order[level]] = i;
        walk(level + 1, entry * extent + i);
      }
      return;
    }
    const end = Math.min(segments[entry + 1] ?? 0, indices.length);
    for (let i = segments[entry] ?? 0; i < end; i++) {
      position[order[level]] = indices[i];
      walk(level + 1, i);
    }
  };
  const place = (entry: number): void => {
    let offset = 0;
    for (let axis = 0; axis < rank; axis++) {
      const block = blockMap.indexOf(axis);
      const at = block < 0 ? position[axis] : position[axis] * blockSizes[axis] + position[rank + block];
      if (!(at < shape[axis])) return;
      offset = offset * shape[axis] + at;
    }
    result.set(bytes.subarray(entry * size, (entry + 1) * size), offset * size);
  };
  walk(0, 0);
  return result;
}

import { elementCount } from '../../ir/dtype';
import { placeOn, type Tensor } from '../../ir/tensor';
import type { DType, StaticType } from '../../ir/types';

/** Weights with a scale for each block, as DequantizeLinear-21 takes them. */
export interface WrittenBlocks {
  /** Type of the stored codes; where it is not the weights' own shape, what is dequantized has to be reshaped. */
  readonly codes: { readonly dtype: DType; readonly shape: readonly number[] };
  readonly scale: Tensor;
  readonly attributes: { readonly axis: number; readonly block_size: number };
}

/**
 * Rows of codes where the elements of a block are neighbours in a row, so that a scale is written once; else the codes as they
 * lie, with the scales repeated along all other axes.
 */
export function writtenBlocks({ dtype, shape, quantization }: StaticType): WrittenBlocks {
  const { scale, axis } = quantization!;
  const block = quantization!.block!;
  const blocks = Math.ceil(shape[block.axis] / block.size);
  if (axis === 0 && block.axis === 1) {
    const type: StaticType = { dtype: 'float32', shape: [shape[0], blocks] };
    return {
      codes: { dtype, shape: [shape[0], elementCount(shape.slice(1))] }, scale: { type, data: Float32Array.from(scale) },
      attributes: { axis: 1, block_size: block.size * elementCount(shape.slice(2)) },
    };
  }
  const type: StaticType = { dtype: 'float32', shape: shape.map((extent, i) => (i === block.axis ? blocks : extent)) };
  const [channel, entry] = [placeOn(type.shape, axis!), placeOn(type.shape, block.axis)];
  const data = Float32Array.from({ length: elementCount(type.shape) }, (_, i) => scale[channel(i) * blocks + entry(i)]);
  return { codes: { dtype, shape }, scale: { type, data }, attributes: { axis: block.axis, block_size: block.size } };
}

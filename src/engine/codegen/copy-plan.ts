import { dtypes, elementCount } from '../ir/dtype';
import type { StaticType } from '../ir/types';
import type { KernelCall, KernelHeader } from './kernel';
import { baseHeader } from './runtime/base-header';
import text from './runtime/tml_copy.h';

export const copyHeader: KernelHeader = { file: 'tml_copy.h', text, needs: [baseHeader] };

/** Elements to move: for each axis how many, and how far apart they are in the source and in the target, in elements. */
export interface Block {
  readonly counts: readonly number[];
  readonly fromStrides: readonly number[];
  readonly toStrides: readonly number[];
  /** First element in the source and in the target. */
  readonly from: number;
  readonly to: number;
}

const MOST_AXES = 6;

/** Row-major strides in elements. */
export const rowStrides = (shape: readonly number[]): number[] => shape.map((_, axis) => elementCount(shape.slice(axis + 1)));

/** True where elements are whole bytes. */
export const isCopyable = (type: StaticType): boolean => dtypes[type.dtype].c !== undefined;

/** A call that moves the block; undefined where more than six axes remain once neighbouring ones are joined. */
export function copyCall(type: StaticType, block: Block, input: number, output = 0): KernelCall | undefined {
  const size = dtypes[type.dtype].bits / 8;
  let run = size;
  const axes: { count: number; from: number; to: number }[] = [];
  for (let axis = block.counts.length - 1; axis >= 0; axis--) {
    const next = { count: block.counts[axis], from: block.fromStrides[axis] * size, to: block.toStrides[axis] * size };
    if (next.count === 1) continue;
    const outer = axes[0];
    if (!outer && next.from === run && next.to === run) run *= next.count;
    else if (outer && next.from === outer.from * outer.count && next.to === outer.to * outer.count) outer.count *= next.count;
    else axes.unshift(next);
  }
  if (axes.length > MOST_AXES) return undefined;
  while (axes.length < MOST_AXES) axes.unshift({ count: 1, from: 0, to: 0 });
  const members = (prefix: string, pick: (axis: (typeof axes)[number]) => number): [string, number][] => axes.map((axis, i) => [`${prefix}_${i}`, pick(axis)]);
  return {
    function: 'tml_copy',
    params: {
      type: 'tml_copy_params',
      members: Object.fromEntries([
        ...members('count', (a) => a.count), ...members('from', (a) => a.from), ...members('to', (a) => a.to),
        ['from', block.from * size], ['to', block.to * size], ['bytes', elementCount(block.counts) === 0 ? 0 : run],
      ]),
    },
    inputs: [input],
    constants: [],
    outputs: [output],
    inputTypes: ['uint8_t'],
    outputType: 'uint8_t',
  };
}

/** Modelled bytes of code of one such call. */
export const COPY_CODE_BYTES = 60;

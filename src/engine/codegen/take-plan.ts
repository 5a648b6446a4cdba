import { dtypes } from '../ir/dtype';
import { encodeBytes, tensorOf } from '../ir/tensor';
import type { StaticType } from '../ir/types';
import type { Kernel } from './kernel';
import { baseHeader } from './runtime/base-header';
import text from './runtime/tml_take.h';
import type { NodeView } from '../ops/op';
import { isCopyable } from './copy-plan';

/** For each axis of the result the elements of the input to go to; negative where there is none. */
export interface Places {
  readonly axes: readonly (readonly number[])[];
  /** Number or code that stands where nothing is taken. */
  readonly filler?: number;
}

const AXES = 6;

/** Rows of the tables of places: more than a microcontroller's flash holds is refused before a list of them is made. */
const MOST_PLACES = 2 ** 18;

const areFew = (node: NodeView): boolean => [...node.staticType(0).shape, ...node.outputType().shape].reduce((sum, extent) => sum + extent, 0) <= MOST_PLACES;

interface Take {
  readonly axes: readonly (readonly number[])[];
  readonly from: number;
  readonly bytes: number;
}

/** Axes that are runs of memory become one block; undefined where more than six others remain. */
function takeOf(type: StaticType, places: Places): Take | undefined {
  const size = dtypes[type.dtype].bits / 8;
  let [bytes, from] = [size, 0];
  const axes: (readonly number[])[] = [];
  for (const places_ of [...places.axes].reverse()) {
    const places = places_.map((place) => (place < 0 ? -1 : place * size));
    if (places.length === 1 && places[0] >= 0) from += places[0];
    else if (axes.length === 0 && places.every((place, i) => place === i * bytes)) bytes *= places.length;
    else axes.unshift(places);
  }
  if (axes.length > AXES) return undefined;
  while (axes.length < AXES) axes.unshift([0]);
  return { axes, from, bytes };
}

/** A node whose result is made of elements of input 0. */
export const takeKernel = (of: (node: NodeView) => Places | undefined): Kernel => ({
  header: { file: 'tml_take.h', text, needs: [baseHeader] },
  supports(node) {
    const places = isCopyable(node.outputType()) && !node.isConstant(0) && areFew(node) ? of(node) : undefined;
    return places !== undefined && takeOf(node.outputType(), places) !== undefined;
  },
  plan(node) {
    const type = node.outputType();
    const places = of(node)!;
    const { axes, from, bytes } = takeOf(type, places)!;
    const [filler, filler2] = fillerWords(type, places.filler ?? 0);
    const table = axes.flat();
    return {
      function: 'tml_take',
      params: { type: 'tml_take_params', members: { ...Object.fromEntries(axes.map((axis, i) => [`count_${i}`, axis.length])), from, bytes, filler, filler_2: filler2 } },
      inputs: [0],
      constants: [{ role: 'places', dtype: 'int32', elements: table.length, make: () => Int32Array.from(table) }],
      overlaps: [],
      inputTypes: ['uint8_t'],
      outputType: 'uint8_t',
      codeBytes: 140,
    };
  },
});

/** An element repeated until it fills eight bytes. */
function fillerWords(type: StaticType, value: number): readonly [number, number] {
  const element = encodeBytes(type.dtype, tensorOf({ dtype: type.dtype, shape: [1] }, [value]).data);
  const word = (at: number): number => [0, 1, 2, 3].reduce((sum, i) => sum + element[(at + i) % element.length] * 2 ** (8 * i), 0);
  return [word(0), word(4)];
}

import type { StaticType, ValueId } from '../../../src/engine/ir/types';
import type { LayerMaker, Network } from './network';

const anything = (type: StaticType): boolean => type.shape.length > 0;
const axisOf = (n: Network, x: ValueId): number => n.random.int(-n.type(x).shape.length, n.type(x).shape.length - 1);

function shuffled(n: Network, count: number): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = n.random.int(0, i);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** The factors of an extent as two axes of their own. */
function splitExtent(n: Network, extent: number): number[] {
  const factors = Array.from({ length: extent }, (_, i) => i + 1).filter((d) => extent % d === 0);
  const first = n.random.pick(factors);
  return [first, extent / first];
}

export const moveLayers: readonly LayerMaker[] = [
  { name: 'transpose', accepts: anything, make: (n, x) => n.move('transpose', [x], { permutation: shuffled(n, n.type(x).shape.length) }) },
  {
    name: 'reshape',
    accepts: anything,
    make(n, x) {
      const { shape } = n.type(x);
      const shapes = [shape.flatMap((extent) => splitExtent(n, extent)), [1, ...shape], [shape.reduce((a, b) => a * b, 1)], [shape[0], shape.slice(1).reduce((a, b) => a * b, 1)]];
      return n.move('reshape', [x], { shape: n.random.pick(shapes.filter((s) => s.length <= 6)) });
    },
  },
  {
    name: 'slice',
    accepts: anything,
    make(n, x) {
      const { shape } = n.type(x);
      const axes = shape.map((extent) => {
        const step = n.random.pick([1, 1, 2, -1, -2]);
        const begin = n.random.int(0, extent - 1);
        const most = step > 0 ? Math.floor((extent - 1 - begin) / step) + 1 : Math.floor(begin / -step) + 1;
        return { begin, step, count: n.random.int(1, most) };
      });
      return n.move('slice', [x], { begins: axes.map((a) => a.begin), counts: axes.map((a) => a.count), steps: axes.map((a) => a.step) });
    },
  },
  {
    name: 'split',
    accepts: anything,
    make(n, x) {
      const { shape, quantization } = n.type(x);
      const axis = axisOf(n, x);
      const extent = shape.at(axis < 0 ? axis : axis - shape.length)!;
      const first = n.random.int(0, extent);
      const sizes = first > 0 && first < extent ? [first, extent - first] : [extent];
      return n.layer('split', [x], { axis, sizes }, sizes.map(() => ({ quantization })), true);
    },
  },
  {
    name: 'concat',
    accepts: anything,
    make(n, x) {
      const type = n.type(x);
      const axis = axisOf(n, x);
      const other = (): ValueId => {
        const shape = type.shape.map((extent, i) => (i === axis || i - type.shape.length === axis ? n.random.int(1, 3) : extent));
        const quantization = type.quantization && (n.random.int(0, 1) ? n.quantization(type.dtype) : type.quantization);
        return n.random.int(0, 1) ? n.constantLike({ ...type, quantization }, shape) : n.input(type.dtype, shape, quantization);
      };
      const inputs = n.random.pick([[x, other()], [other(), x], [x, other(), x]]);
      const result = type.quantization && (n.random.int(0, 1) ? n.quantization(type.dtype) : type.quantization);
      return n.layer('concat', inputs, { axis }, [{ dtype: type.dtype, quantization: result }], true);
    },
  },
  {
    name: 'pad',
    accepts: anything,
    make(n, x) {
      const { shape } = n.type(x);
      const mode = n.random.pick(['constant', 'constant', 'edge', 'reflect', 'symmetric', 'wrap']);
      const most = (extent: number): number => (mode === 'reflect' ? extent - 1 : mode === 'constant' ? 3 : extent);
      const reach = (extent: number): number => n.random.int(0, Math.min(2, most(extent)));
      const cut = mode === 'constant' && shape.every((extent) => extent > 2) && n.random.int(0, 2) === 0 ? -1 : 0;
      return n.move('pad', [x], { mode, begins: shape.map((extent) => reach(extent) + cut), ends: shape.map(reach), value: n.random.pick(n.type(x).dtype === 'float32' || n.type(x).quantization ? [0, 0, 1, -0.75] : [0, 1]) });
    },
  },
  { name: 'tile', accepts: anything, make: (n, x) => n.move('tile', [x], { repeats: n.type(x).shape.map(() => n.random.pick([1, 1, 2, 3])) }) },
  {
    name: 'expand',
    accepts: (type) => type.shape.some((extent) => extent === 1),
    make: (n, x) => n.move('expand', [x], { shape: [...(n.random.int(0, 1) ? [2] : []), ...n.type(x).shape.map((extent) => (extent === 1 ? n.random.int(1, 4) : extent))] }),
  },
  {
    name: 'gather',
    accepts: anything,
    make(n, x) {
      const { shape } = n.type(x);
      const axis = axisOf(n, x);
      const extent = shape.at(axis < 0 ? axis : axis - shape.length)!;
      const indices = n.random.pick([[], [2], [2, 3]]);
      const count = indices.reduce((a, b) => a * b, 1);
      return n.move('gather', [x, n.constant(n.random.pick(['int32', 'int64']), indices, n.random.codes(count, -extent, extent - 1))], { axis });
    },
  },
  {
    // Places that are known only when the model runs: made by an arg-max, so that they are inside.
    name: 'gather_dynamic',
    accepts: (type, n, x) => type.shape.length > 1 && n.isExact(x) && type.dtype !== 'bool',
    make(n, x) {
      const type = n.type(x);
      const axis = type.shape.length - 1;
      const [places] = n.layer('arg_max', [x], { axis, keepAxis: false, selectLast: false }, [{ dtype: 'int64' }], true);
      if (n.random.int(0, 1)) return n.move('gather', [x, places], { axis });
      return n.move('gather', [n.constantLike(type, [type.shape[axis], n.random.int(1, 4)]), places], { axis: 0 });
    },
  },
  { name: 'identity', accepts: anything, make: (n, x) => n.move('identity', [x]) },
];

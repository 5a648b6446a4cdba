import { batchShape, type GradientRule } from '../gradient/rule';
import type { Tape } from '../gradient/tape';
import { elementCount } from '../ir/dtype';
import type { NodeView } from './op';
import { exportPool, poolGeometry } from './pool';
import { shapeOfImage } from './window';
import { windowTransposed } from './window-gradient';

/** Each mean's gradient goes in equal shares to what was averaged; `counts` has the elements of each window. */
export const meanPoolGradient = (counts: (node: NodeView) => readonly number[]): GradientRule => (node, tape, [image]) => {
  const { window, from, to } = poolGeometry(node);
  if (window.dilations.some((d) => d !== 1)) return undefined;
  return {
    result: tape.emit('AveragePool', [image], { ...exportPool(node), count_include_pad: node.flag('countPadding') ? 1 : 0 }),
    backward(gradient) {
      const shares = tape.constant({ dtype: 'float32', shape: [1, 1, ...to.spatial] }, counts(node).map((count) => 1 / count));
      // Channels as further samples: one kernel of ones serves all of them.
      const planes = tape.reshape(tape.emit('Mul', [gradient, shares]), [tape.batch * from.channels, 1, ...to.spatial]);
      const ones = tape.constant({ dtype: 'float32', shape: [1, 1, ...window.kernel] }, new Float32Array(elementCount(window.kernel)).fill(1));
      return [tape.reshape(windowTransposed(tape, planes, ones, window, from.spatial, 1, to.spatial), imageShape(tape, node))];
    },
  };
};

export const maxPoolGradient: GradientRule = (node, tape, [image]) => {
  const [result, places] = tape.emitAll('MaxPool', [image], 2, { ...exportPool(node), dilations: node.ints('dilations', node.ints('kernel').map(() => 1)) });
  return {
    result,
    backward(gradient) {
      const shape = imageShape(tape, node);
      const nothing = tape.emit('Expand', [tape.number(0), tape.integers([elementCount(shape)])]);
      const flat = (name: string): string => tape.reshape(name, [-1]);
      return [tape.reshape(tape.emit('ScatterElements', [nothing, flat(places), flat(gradient)], { axis: 0, reduction: 'add' }), shape)];
    },
  };
};

const imageShape = (tape: Tape, node: NodeView): readonly number[] => batchShape(tape, shapeOfImage(poolGeometry(node).from, 'nchw'));

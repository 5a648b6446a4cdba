import { batchShape, type GradientRule } from '../../gradient/rule';

export const denseGradient: GradientRule = (node, tape, [rows, weights, bias]) => {
  const shape = batchShape(tape, node.staticType(0).shape);
  const [outputs, depth] = node.staticType(1).shape;
  const flat = shape.length === 2 ? rows : tape.reshape(rows, [-1, depth]);
  const product = tape.emit('Gemm', bias === undefined ? [flat, weights] : [flat, weights, bias], { transB: 1 });
  return {
    result: shape.length === 2 ? product : tape.reshape(product, [...shape.slice(0, -1), outputs]),
    backward(gradient, wants) {
      const back = shape.length === 2 ? gradient : tape.reshape(gradient, [-1, outputs]);
      const ofRows = (): string => {
        const result = tape.emit('MatMul', [back, weights]);
        return shape.length === 2 ? result : tape.reshape(result, shape);
      };
      return [wants(0) ? ofRows() : undefined, wants(1) ? tape.emit('Gemm', [back, flat], { transA: 1 }) : undefined, wants(2) ? tape.sum(back, [0]) : undefined];
    },
  };
};

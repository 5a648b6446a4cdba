import { isWide } from '../../ir/dtype';
import { zeros, type Tensor } from '../../ir/tensor';
import { elementwise } from '../coupling';
import type { NodeView, OpDefinition } from '../op';
import { sameRows } from '../row-rule';
import { unaryFunctions, type UnaryFunction } from './functions';
import { unaryKernels } from './kernels';
import { unaryOnnx } from './onnx';
import { unaryTflite } from './tflite';

/** One definition per function in the table. Attributes: the function's parameters. */
export const unaryOps: readonly OpDefinition[] = unaryFunctions.map(unaryOp);

function unaryOp(entry: UnaryFunction): OpDefinition {
  const { name, label, f, result } = entry;
  return {
    name,
    label: () => label,
    infer: (node) => [{ dtype: result ?? node.type(0).dtype, shape: node.type(0).shape }],
    evaluate(node, [input]) {
      const output = zeros(node.outputType());
      if (entry.wide && isWide(output.type.dtype)) return [mapWide(output, input!, entry.wide)];
      const parameters = parametersOf(entry, node);
      for (let i = 0; i < output.data.length; i++) output.data[i] = f(input!.data[i], ...parameters);
      return [output];
    },
    sinkTranspose: (node) => node.node.attributes,
    inPlace: (node) => (node.type(0).dtype === node.output().type.dtype ? 0 : undefined),
    rows: sameRows,
    kernels: unaryKernels(name, (node) => parametersOf(entry, node)),
    coupling: elementwise,
    onnx: unaryOnnx(entry),
    tflite: unaryTflite(entry),
  };
}

/** In the order in which `f` takes them: numbers as they are, choices by their place in the list. */
const parametersOf = (entry: UnaryFunction, node: NodeView): number[] => [
  ...Object.keys(entry.parameters ?? {}).map((key) => node.attributes[key] as number),
  ...Object.entries(entry.choices ?? {}).map(([key, values]) => Math.max(0, values.indexOf(node.attributes[key] as string | number))),
];

function mapWide(output: Tensor, input: Tensor, f: (x: bigint) => bigint): Tensor {
  const wrap = output.type.dtype === 'int64' ? BigInt.asIntN : BigInt.asUintN;
  for (let i = 0; i < output.data.length; i++) output.data[i] = Number(wrap(64, f(BigInt(input.data[i]))));
  return output;
}

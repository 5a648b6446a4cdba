/** A large ONNX file for measuring: 26 matrices of 4 MB. */
import { modelProto, type ModelProto } from '../../src/engine/formats/onnx/schema';
import { encodeMessage } from '../../src/engine/formats/onnx/wire';

const LAYERS = 26;
const WIDTH = 1000;

/** A chain of dense layers with ReLU: 26 matrices of 4 MB. */
export function largeModel(): Uint8Array {
  const empty = { floatData: [], int32Data: [], stringData: [], int64Data: [], doubleData: [], uint64Data: [], externalData: [] };
  const weights = new Float32Array(WIDTH * WIDTH).map((_, i) => ((i * 7919) % 1000) / 1e6);
  const info = (name: string): object => ({ name, type: { tensor: { elementType: 1, shape: { dims: [{ value: 1 }, { value: WIDTH }] } } } });
  const node = (opType: string, name: string, input: string[], output: string): object => ({ opType, name, input, output: [output], attribute: opType === 'Gemm' ? [{ name: 'transB', i: 1, type: 2, floats: [], ints: [], strings: [], tensors: [], graphs: [] }] : [] });
  const layers = Array.from({ length: LAYERS }, (_, i) => i);
  return encodeMessage(modelProto, {
    irVersion: 8, opsetImport: [{ domain: '', version: 17 }], metadataProps: [], functions: [],
    graph: {
      name: 'large', valueInfo: [], sparseInitializer: [], input: [info('x0')], output: [info(`x${LAYERS}`)],
      node: layers.flatMap((i) => [node('Gemm', `dense${i}`, [`x${i}`, `w${i}`], `y${i}`), node('Relu', `relu${i}`, [`y${i}`], `x${i + 1}`)]),
      initializer: layers.map((i) => ({ ...empty, name: `w${i}`, dims: [WIDTH, WIDTH], dataType: 1, rawData: new Uint8Array(weights.buffer) })),
    },
  } as unknown as ModelProto);
}

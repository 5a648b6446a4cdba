import { encodeRoot } from '../../src/engine/formats/tflite/encode';
import type { FlatTable } from '../../src/engine/formats/tflite/flatbuffer';
import { CUSTOM, operatorNames, optionsOf } from '../../src/engine/formats/tflite/operators';
import { optionUnions } from '../../src/engine/formats/tflite/options';
import { FILE_IDENTIFIER, schema, type OptionValue } from '../../src/engine/formats/tflite/schema';

/** TFLite's numbers of the tensor types that tests use. */
const types = { float32: 0, float16: 1, int32: 2, uint8: 3, bool: 6, int16: 7, int8: 9, resource: 13, int4: 17, int64: 4 } as const;

export interface TestTensor {
  readonly name: string;
  readonly type?: keyof typeof types;
  readonly shape: readonly number[];
  readonly data?: ArrayBufferView;
  readonly scale?: readonly number[];
  readonly zeroPoint?: readonly number[];
  readonly axis?: number;
  /** Other fields of the table, e.g. `sparsity`. */
  readonly extra?: FlatTable;
}

export interface TestOperator {
  readonly op: string;
  /** Names; '' for an optional input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly options?: Readonly<Record<string, OptionValue>>;
  /** Options of a custom operator, whose name is `custom:` and what follows. */
  readonly custom?: Uint8Array;
}

export interface TestGraph {
  readonly tensors: readonly TestTensor[];
  readonly operators: readonly TestOperator[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** A TFLite file with the given subgraphs. `change` may damage the tables before they are encoded. */
export function tfliteFile(graphs: readonly TestGraph[], change: (model: FlatTable) => FlatTable = (model) => model): Uint8Array {
  const buffers: FlatTable[] = [{}];
  const codes: string[] = [];
  const subgraphs = graphs.map((graph): FlatTable => {
    const index = (name: string): number => (name === '' ? -1 : graph.tensors.findIndex((tensor) => tensor.name === name));
    const codeOf = (op: string): number => (codes.includes(op) ? codes.indexOf(op) : codes.push(op) - 1);
    return {
      tensors: graph.tensors.map((tensor) => ({
        name: tensor.name, shape: tensor.shape, type: types[tensor.type ?? 'float32'],
        buffer: tensor.data ? buffers.push({ data: bytesOf(tensor.data) }) - 1 : 0,
        quantization: tensor.scale && { scale: tensor.scale, zeroPoint: tensor.zeroPoint ?? tensor.scale.map(() => 0), quantizedDimension: tensor.axis ?? 0 },
        ...tensor.extra,
      })),
      operators: graph.operators.map(({ op, inputs, outputs, options, custom }) => ({
        opcodeIndex: codeOf(op), inputs: inputs.map(index), outputs: outputs.map(index),
        customOptions: custom,
        builtinOptions: options && { member: optionUnions.BuiltinOptions.indexOf(optionsOf(op)) + 1, table: options as FlatTable },
      })),
      inputs: graph.inputs.map(index),
      outputs: graph.outputs.map(index),
    };
  });
  const operatorCodes = codes.map((op) => {
    const customCode = op.startsWith('custom:') ? op.slice('custom:'.length) : undefined;
    const builtinCode = customCode === undefined ? operatorNames.indexOf(op) : CUSTOM;
    return { deprecatedBuiltinCode: Math.min(127, builtinCode), customCode, builtinCode, version: 1 };
  });
  return encodeRoot(schema, 'Model', change({ version: 3, operatorCodes, subgraphs, buffers }), FILE_IDENTIFIER);
}

const bytesOf = (view: ArrayBufferView): Uint8Array => new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset, view.byteLength);

export const floats = (...values: number[]): Float32Array => Float32Array.from(values);
export const ints = (...values: number[]): Int32Array => Int32Array.from(values);

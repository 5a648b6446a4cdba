import { many, one, type Message, type MessageTable } from './wire';

/**
 * The messages of onnx.proto (IR version 13) by field number. Source: the onnx project's onnx.proto3, "field numbers of
 * released versions never change".
 */

export interface StringEntry extends Message {
  key?: string;
  value?: string;
}
const stringEntry: MessageTable = { key: one(1, 'string'), value: one(2, 'string') };

export interface TensorProto extends Message {
  dims: number[];
  dataType?: number;
  floatData: number[];
  int32Data: number[];
  stringData: Uint8Array[];
  int64Data: number[];
  name?: string;
  rawData?: Uint8Array;
  doubleData: number[];
  uint64Data: number[];
  docString?: string;
  externalData: StringEntry[];
  dataLocation?: number;
}
export const tensorProto: MessageTable = {
  dims: many(1, 'int64'), dataType: one(2, 'int32'), floatData: many(4, 'float'), int32Data: many(5, 'int32'), stringData: many(6, 'bytes'),
  int64Data: many(7, 'int64'), name: one(8, 'string'), docString: one(12, 'string'), rawData: one(9, 'bytes'), doubleData: many(10, 'double'),
  uint64Data: many(11, 'uint64'), externalData: many(13, () => stringEntry), dataLocation: one(14, 'int32'),
};

export interface SparseTensorProto extends Message {
  values?: TensorProto;
  indices?: TensorProto;
  dims: number[];
}
const sparseTensorProto: MessageTable = { values: one(1, () => tensorProto), indices: one(2, () => tensorProto), dims: many(3, 'int64') };

export interface DimensionProto extends Message {
  value?: number;
  parameter?: string;
}
export interface TypeProto extends Message {
  tensor?: { elementType?: number; shape?: { dims: DimensionProto[] } };
}
const dimensionProto: MessageTable = { value: one(1, 'int64'), parameter: one(2, 'string') };
const shapeProto: MessageTable = { dims: many(1, () => dimensionProto) };
const tensorTypeProto: MessageTable = { elementType: one(1, 'int32'), shape: one(2, () => shapeProto) };
const typeProto: MessageTable = { tensor: one(1, () => tensorTypeProto) };

export interface ValueInfoProto extends Message {
  name?: string;
  type?: TypeProto;
  docString?: string;
}
const valueInfoProto: MessageTable = { name: one(1, 'string'), type: one(2, () => typeProto), docString: one(3, 'string') };

/** AttributeProto.type. */
export const attributeType = { FLOAT: 1, INT: 2, STRING: 3, TENSOR: 4, GRAPH: 5, FLOATS: 6, INTS: 7, STRINGS: 8, TENSORS: 9, GRAPHS: 10 } as const;

export interface AttributeProto extends Message {
  name?: string;
  f?: number;
  i?: number;
  s?: Uint8Array;
  t?: TensorProto;
  g?: GraphProto;
  floats: number[];
  ints: number[];
  strings: Uint8Array[];
  tensors: TensorProto[];
  graphs: GraphProto[];
  docString?: string;
  type?: number;
  refAttrName?: string;
}
export const attributeProto: MessageTable = {
  name: one(1, 'string'), f: one(2, 'float'), i: one(3, 'int64'), s: one(4, 'bytes'), t: one(5, () => tensorProto), g: one(6, () => graphProto),
  floats: many(7, 'float'), ints: many(8, 'int64'), strings: many(9, 'bytes'), tensors: many(10, () => tensorProto), graphs: many(11, () => graphProto),
  docString: one(13, 'string'), type: one(20, 'int32'), refAttrName: one(21, 'string'),
};

export interface NodeProto extends Message {
  input: string[];
  output: string[];
  name?: string;
  opType?: string;
  attribute: AttributeProto[];
  docString?: string;
  domain?: string;
  overload?: string;
}
export const nodeProto: MessageTable = {
  input: many(1, 'string'), output: many(2, 'string'), name: one(3, 'string'), opType: one(4, 'string'), attribute: many(5, () => attributeProto),
  docString: one(6, 'string'), domain: one(7, 'string'), overload: one(8, 'string'),
};

export interface GraphProto extends Message {
  node: NodeProto[];
  name?: string;
  initializer: TensorProto[];
  docString?: string;
  input: ValueInfoProto[];
  output: ValueInfoProto[];
  valueInfo: ValueInfoProto[];
  sparseInitializer: SparseTensorProto[];
}
export const graphProto: MessageTable = {
  node: many(1, () => nodeProto), name: one(2, 'string'), initializer: many(5, () => tensorProto), docString: one(10, 'string'),
  input: many(11, () => valueInfoProto), output: many(12, () => valueInfoProto), valueInfo: many(13, () => valueInfoProto),
  sparseInitializer: many(15, () => sparseTensorProto),
};

export interface OperatorSet extends Message {
  domain?: string;
  version?: number;
}
export const operatorSet: MessageTable = { domain: one(1, 'string'), version: one(2, 'int64') };

export interface FunctionProto extends Message {
  name?: string;
  input: string[];
  output: string[];
  attribute: string[];
  node: NodeProto[];
  opsetImport: OperatorSet[];
  domain?: string;
  attributeProto: AttributeProto[];
  overload?: string;
}
const functionProto: MessageTable = {
  name: one(1, 'string'), input: many(4, 'string'), output: many(5, 'string'), attribute: many(6, 'string'), node: many(7, () => nodeProto),
  opsetImport: many(9, () => operatorSet), domain: one(10, 'string'), attributeProto: many(11, () => attributeProto), overload: one(13, 'string'),
};

export interface ModelProto extends Message {
  irVersion?: number;
  producerName?: string;
  producerVersion?: string;
  domain?: string;
  modelVersion?: number;
  docString?: string;
  graph?: GraphProto;
  opsetImport: OperatorSet[];
  metadataProps: StringEntry[];
  functions: FunctionProto[];
}
export const modelProto: MessageTable = {
  irVersion: one(1, 'int64'), producerName: one(2, 'string'), producerVersion: one(3, 'string'), domain: one(4, 'string'), modelVersion: one(5, 'int64'),
  docString: one(6, 'string'), opsetImport: many(8, () => operatorSet), graph: one(7, () => graphProto), metadataProps: many(14, () => stringEntry),
  functions: many(25, () => functionProto),
};

/** The official ONNX backend node cases (shared/conformance), unpacked into a temporary folder and decoded. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { decodeBytes, type Tensor } from '../../src/engine/ir/tensor';
import { elementCount, isNumeric } from '../../src/engine/ir/dtype';
import { modelProto, tensorProto, type ModelProto, type TensorProto } from '../../src/engine/formats/onnx/schema';
import { readTensorProto, TensorDataError } from '../../src/engine/formats/onnx/tensor-proto';
import { decodeMessage } from '../../src/engine/formats/onnx/wire';
import { sharedFile, temporaryFolder } from './project';

export interface NodeCase {
  readonly name: string;
  readonly model: Uint8Array;
  readonly proto: ModelProto;
  /** Each data set: serialized inputs and outputs, in order. */
  readonly sets: readonly { readonly inputs: readonly Uint8Array[]; readonly outputs: readonly Uint8Array[] }[];
}

export const conformanceArchive = (): string | undefined => sharedFile('conformance/onnx-backend-node-1.20.0.tar.xz');

/** Unpacks the archive; the caller removes the folder. */
export function unpackCases(archive: string): { folder: string; root: string } {
  const folder = temporaryFolder('onnx-cases');
  execFileSync('tar', ['-xf', archive, '-C', folder]);
  return { folder, root: path.join(folder, 'onnx/backend/test/data/node') };
}

export const caseNames = (root: string): string[] => fs.readdirSync(root).filter((name) => fs.existsSync(path.join(root, name, 'model.onnx'))).sort();

export function loadCase(root: string, name: string): NodeCase {
  const folder = path.join(root, name);
  const model = fs.readFileSync(path.join(folder, 'model.onnx'));
  const read = (set: string, kind: string): Uint8Array[] => {
    const files = fs.readdirSync(path.join(folder, set)).filter((file) => file.startsWith(`${kind}_`) && file.endsWith('.pb'));
    const number = (file: string): number => Number(/_(\d+)\.pb$/.exec(file)![1]);
    return files.sort((a, b) => number(a) - number(b)).map((file) => fs.readFileSync(path.join(folder, set, file)));
  };
  const sets = fs.readdirSync(folder).filter((entry) => entry.startsWith('test_data_set_')).sort();
  return { name, model, proto: decodeMessage<ModelProto>(modelProto, model), sets: sets.map((set) => ({ inputs: read(set, 'input'), outputs: read(set, 'output') })) };
}

/** A serialized TensorProto as a tensor; undefined where its type has no arithmetic here. */
export function caseTensor(bytes: Uint8Array): Tensor | undefined {
  try {
    const { type, data } = readTensorProto(decodeMessage<TensorProto>(tensorProto, bytes));
    return isNumeric(type.dtype) ? { type, data: decodeBytes(type.dtype, elementCount(type.shape), data.bytes()) } : undefined;
  } catch (error) {
    if (error instanceof TensorDataError) return undefined;
    throw error;
  }
}

import { ProblemError, type Problem } from '../../../base/problem';
import type { Tensor } from '../../ir/tensor';
import type { Model } from '../../ir/types';
import type { Bindings } from './bind-shapes';
import { functionsOf } from './functions';
import { importGraph } from './import-graph';
import { standardDomain } from './import-node';
import { modelNotes } from './notes';
import { onnxProblems } from './problems';
import { modelProto, type ModelProto } from './schema';
import type { ExternalReader } from './tensor-proto';
import { decodeMessage, WireError } from './wire';

export interface OnnxOptions {
  /** Reads tensor data from files beside the model; without it such data are a problem. */
  readonly external?: ExternalReader;
  /** Extents of unknown dimensions. */
  readonly bindings?: Bindings;
  /** Inputs that always have the same content, by name (a sample rate, a training flag): they become constants. */
  readonly values?: ReadonlyMap<string, Tensor>;
  /** Of the file, where `bytes` is its skeleton. */
  readonly fileBytes?: number;
}

/**
 * An ONNX file as a model. Weights stay views into `bytes`. Throws `ProblemError` where the bytes are no ONNX model; what is
 * in the model but not understood is reported and becomes opaque.
 */
export function readOnnx(bytes: Uint8Array, path: string, options: OnnxOptions = {}): { model: Model; problems: readonly Problem[] } {
  const proto = decodeModel(bytes, path);
  const opsets = new Map(proto.opsetImport.map((set) => [standardDomain(set.domain), set.version ?? 1]));
  const nodeNotes = new Map<string, Uint8Array>();
  const { graph, problems } = importGraph(proto.graph!, opsets, {
    functions: functionsOf(proto.functions),
    external: options.external,
    isEvaluation: false,
    notes: nodeNotes,
    bindings: options.bindings ?? {},
    values: options.values ?? new Map(),
  });
  const model: Model = {
    name: baseName(path),
    format: 'onnx',
    fileBytes: options.fileBytes ?? bytes.length,
    producer: [proto.producerName, proto.producerVersion].filter(Boolean).join(' ').trim(),
    rounding: 'onnx-float-half-even',
    graph,
    metadata: new Map(proto.metadataProps.map((entry) => [entry.key ?? '', entry.value ?? ''])),
    opsets,
    notes: modelNotes(proto, nodeNotes),
  };
  return { model, problems };
}

function decodeModel(bytes: Uint8Array, path: string): ModelProto {
  if (bytes.length === 0) throw new ProblemError(onnxProblems.empty(path));
  if (startsWith(bytes, 'version https://git-lfs')) throw new ProblemError(onnxProblems.pointer(path));
  let proto: ModelProto;
  try {
    proto = decodeMessage<ModelProto>(modelProto, bytes);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new ProblemError(onnxProblems.truncated(path, error.offset, bytes.length, error.message));
  }
  if (!proto.graph) throw new ProblemError(onnxProblems.notOnnx(path, 'It holds no graph.'));
  return proto;
}

const startsWith = (bytes: Uint8Array, text: string): boolean => [...text].every((char, i) => bytes[i] === char.charCodeAt(0));

export const baseName = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

import { unzipSync } from 'fflate';
import { decodeRoot, FlatBufferError, schemaOf, type FlatTable, type FlatValue } from './flatbuffer';
import { bufferBytes, TensorError, type FileContent } from './tensors';
import type { ModelTable } from './schema';

/**
 * What a model says of itself, as text by name: its metadata buffers, the names of its signatures, and, from TFLite's model
 * metadata and the files packed with it, `labels` (a JSON array) and `normalization` (JSON: mean and std of the inputs).
 */
export function readMetadata(model: ModelTable, file: FileContent): ReadonlyMap<string, string> {
  const result = new Map<string, string>();
  for (const entry of model.metadata ?? []) {
    const name = entry.name ?? '';
    const bytes = bytesOf(entry.buffer, file);
    if (!bytes) continue;
    if (name === 'TFLITE_METADATA') describe(bytes, file.bytes, result);
    result.set(name, encodeText(bytes));
  }
  const signatures = (model.signatureDefs ?? []).map((signature) => ({
    key: signature.signatureKey ?? '',
    subgraph: signature.subgraphIndex,
    inputs: (signature.inputs ?? []).map((entry) => [entry.name ?? '', entry.tensorIndex]),
    outputs: (signature.outputs ?? []).map((entry) => [entry.name ?? '', entry.tensorIndex]),
  }));
  if (signatures.length) result.set(SIGNATURES, JSON.stringify(signatures));
  return result;
}

/** Key of the signatures' names. */
export const SIGNATURES = 'tflite.signatures';
const BINARY = 'data:;base64,';

function bytesOf(buffer: number, file: FileContent): Uint8Array | undefined {
  try {
    return bufferBytes(buffer, file);
  } catch (error) {
    if (error instanceof TensorError) return undefined; // metadata that is not there harms nobody
    throw error;
  }
}

/** Bytes as text that `decodeText` turns back: plain where they are printable, base64 elsewhere. */
export function encodeText(bytes: Uint8Array): string {
  const isPlain = bytes.every((byte) => (byte >= 32 && byte < 127) || byte === 10 || byte === 13 || byte === 9);
  if (isPlain) return asciiOf(bytes);
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const parts: string[] = [BINARY];
  for (let i = 0; i < bytes.length; i += 3) {
    const word = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const given = Math.min(3, bytes.length - i) + 1;
    for (let k = 0; k < 4; k++) parts.push(k < given ? digits[(word >> (18 - 6 * k)) & 63] : '=');
  }
  return parts.join('');
}

export function decodeText(text: string): Uint8Array {
  if (!text.startsWith(BINARY)) return utf8(text);
  const body = text.slice(BINARY.length).replace(/=+$/, '');
  const result = new Uint8Array(Math.floor((body.length * 3) / 4));
  const value = (char: number): number => (char >= 97 ? char - 71 : char >= 65 ? char - 65 : char >= 48 ? char + 4 : char === 43 ? 62 : 63);
  for (let i = 0; i < result.length; i++) {
    const at = Math.floor(i / 3) * 4 + (i % 3);
    const word = (value(body.charCodeAt(at)) << 6) | value(body.charCodeAt(at + 1) || 65);
    result[i] = (word >> (4 - 2 * (i % 3))) & 255;
  }
  return result;
}

function asciiOf(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 8192) parts.push(String.fromCharCode(...bytes.subarray(i, i + 8192)));
  return parts.join('');
}

function utf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const char of text) {
    const point = char.codePointAt(0)!;
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 63));
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
    else bytes.push(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 63), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
  }
  return Uint8Array.from(bytes);
}

/** The parts of TFLite's model metadata that are used. Source: tflite-support, metadata_schema.fbs. */
const metadataSchema = schemaOf(
  `
  ModelMetadata name:string description:string version:string subgraphMetadata:[SubGraphMetadata]
  SubGraphMetadata name:string description:string inputTensorMetadata:[TensorMetadata] outputTensorMetadata:[TensorMetadata]
    associatedFiles:[AssociatedFile]
  TensorMetadata name:string description:string dimensionNames:[string] content:Content processUnits:[ProcessUnit] stats:Stats
    associatedFiles:[AssociatedFile]
  ProcessUnit options:|ProcessUnitOptions
  NormalizationOptions mean:[float32] std:[float32]
  AssociatedFile name:string description:string type:int8 locale:string version:string
  Content
  Stats max:[float32] min:[float32]
  `.replace('dimensionNames:[string]', '_'),
  { ProcessUnitOptions: ['NormalizationOptions'] },
);
/** AssociatedFileType TENSOR_AXIS_LABELS and TENSOR_VALUE_LABELS. */
const LABEL_FILES = [2, 3];
const MAX_LABEL_BYTES = 2 ** 20;

function describe(bytes: Uint8Array, file: Uint8Array, result: Map<string, string>): void {
  let root: FlatTable;
  try {
    root = decodeRoot(metadataSchema, 'ModelMetadata', bytes);
  } catch (error) {
    if (error instanceof FlatBufferError) return;
    throw error;
  }
  const [subgraph] = tablesOf(root.subgraphMetadata);
  for (const tensor of tablesOf(subgraph?.inputTensorMetadata)) {
    for (const unit of tablesOf(tensor.processUnits)) {
      const { mean, std } = (unit.options as { table?: FlatTable } | undefined)?.table ?? {};
      if (mean && std && !result.has('normalization')) result.set('normalization', JSON.stringify({ mean: numbersOf(mean), std: numbersOf(std) }));
    }
  }
  const files = tablesOf(subgraph?.outputTensorMetadata).flatMap((tensor) => tablesOf(tensor.associatedFiles));
  const named = files.find((entry) => LABEL_FILES.includes(entry.type as number));
  const labels = named && labelsIn(file, named.name as string);
  if (labels) result.set('labels', JSON.stringify(labels));
}

const tablesOf = (value: FlatValue): readonly FlatTable[] => (Array.isArray(value) ? (value as FlatTable[]) : []);
const numbersOf = (value: FlatValue): readonly number[] => (Array.isArray(value) ? (value as number[]) : []);

/** Lines of a text file in the ZIP archive that is appended to the model. */
function labelsIn(file: Uint8Array, name: string): readonly string[] | undefined {
  try {
    const entry = unzipSync(file, { filter: (info) => info.name === name && info.originalSize <= MAX_LABEL_BYTES })[name];
    return entry && asciiOf(entry).split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
  } catch {
    return undefined; // no archive, or a damaged one: the model is none the worse
  }
}

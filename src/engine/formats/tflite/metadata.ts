import { unzipSync } from 'fflate';
import { decodeRoot, FlatBufferError, schemaOf, type FlatTable, type FlatValue } from './flatbuffer';
import { bufferBytes, TensorError, type FileContent } from './tensors';
import type { ModelTable, SignatureDefTable, SubGraphTable, TensorMapTable } from './schema';
import { asciiText, base64Bytes, base64Text, utf8Bytes } from './text';

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
  const [main] = model.subgraphs ?? [];
  const signatures = (model.signatureDefs ?? []).filter((signature) => signature.subgraphIndex === 0 && main).map((signature) => describeSignature(signature, main));
  if (signatures.length) result.set(SIGNATURES, JSON.stringify(signatures));
  return result;
}

/** Key of the signatures' names. */
export const SIGNATURES = 'tflite.signatures';
const BINARY = 'data:;base64,';

interface Signature {
  readonly key: string;
  /** Name and position among the graph's inputs, and outputs. */
  readonly inputs: readonly (readonly [string, number])[];
  readonly outputs: readonly (readonly [string, number])[];
}

function describeSignature(signature: SignatureDefTable, main: SubGraphTable): Signature {
  const places = (entries: readonly TensorMapTable[] | undefined, tensors: readonly number[] | undefined): (readonly [string, number])[] =>
    (entries ?? []).map((entry) => [entry.name ?? '', (tensors ?? []).indexOf(entry.tensorIndex)] as const);
  return { key: signature.signatureKey ?? '', inputs: places(signature.inputs, main.inputs), outputs: places(signature.outputs, main.outputs) };
}

/** Signatures of a written model; those that another tool's metadata garble are left out. */
export function signatureTables(text: string | undefined, main: FlatTable): readonly FlatTable[] {
  let signatures: unknown;
  try {
    signatures = JSON.parse(text ?? '[]');
  } catch {
    return [];
  }
  if (!Array.isArray(signatures)) return [];
  const entries = (list: Signature['inputs'], tensors: readonly number[]): FlatTable[] =>
    list.flatMap(([name, place]) => (tensors[place] === undefined ? [] : [{ name, tensorIndex: tensors[place] }]));
  return (signatures as Signature[]).map(({ key, inputs, outputs }) => ({
    signatureKey: key, subgraphIndex: 0, inputs: entries(inputs, main.inputs as number[]), outputs: entries(outputs, main.outputs as number[]),
  }));
}

function bytesOf(buffer: number, file: FileContent): Uint8Array | undefined {
  try {
    return bufferBytes(buffer, file);
  } catch (error) {
    if (error instanceof TensorError) return undefined; // metadata that is not there harms nobody
    throw error;
  }
}

/** Bytes as text that `decodeText` turns back: plain where they are printable, base64 elsewhere. */
function encodeText(bytes: Uint8Array): string {
  const isPlain = bytes.every((byte) => (byte >= 32 && byte < 127) || byte === 10 || byte === 13 || byte === 9);
  return isPlain ? asciiText(bytes) : BINARY + base64Text(bytes);
}

export const decodeText = (text: string): Uint8Array => (text.startsWith(BINARY) ? base64Bytes(text.slice(BINARY.length)) : utf8Bytes(text));

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
    return entry && asciiText(entry).split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
  } catch {
    return undefined; // no archive, or a damaged one: the model is none the worse
  }
}

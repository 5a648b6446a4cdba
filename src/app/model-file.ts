import type { Problem } from '../base/problem';
import { ProblemError } from '../base/problem';
import type { Task } from '../base/progress';
import { throwIfCancelled } from '../base/cancel';
import type { MemoryChoice } from '../engine/codegen/choose-strips';
import type { Bindings } from '../engine/formats/onnx/bind-shapes';
import { readOnnx } from '../engine/formats/onnx/read';
import { isTflite, readTflite } from '../engine/formats/tflite/read';
import type { LongFile } from '../engine/formats/long-file';
import type { Model } from '../engine/ir/types';
import { verifyGraph } from '../engine/ir/verify';
import { canonicalize, formsOf } from '../engine/passes/pipeline';
import { externalReader } from './external-data';
import { findModelData } from './data/project-file';
import { readModelBytes } from './model-bytes';
import { appProblems } from './problems';

/** A model file, read and brought to the forms that work is done on. */
export interface OpenModel {
  readonly path: string;
  /** Of the file; without its weights where it is read by ranges. */
  readonly bytes: Uint8Array;
  /** Canonical: the source's layouts, fused; what compression takes and what is written back. */
  readonly canonical: Model;
  /** Lowered: what costs and generated C are about. */
  readonly lowered: Model;
  /** Lowered, but with every channel that the file has: what MACs and parameters are counted on. */
  readonly asInFile: Model;
  /** True once weights were read from files beside the model. */
  readonly readsOtherFiles?: () => boolean;
  /** What was not understood. */
  readonly problems: readonly Problem[];
  /** What tinyml.json says of the RAM of its C. */
  readonly memory?: MemoryChoice;
  /** Class names that the file itself carries. */
  readonly labels: readonly string[];
}

export async function openModel(path: string, task: Task, options: OpenOptions = {}): Promise<OpenModel> {
  task.progress({ stage: 'Reading the file' });
  const { bytes, long } = options.bytes ? { bytes: options.bytes, long: undefined } : await readModelBytes(path);
  throwIfCancelled(task.signal);
  task.progress({ stage: 'Understanding the graph' });
  const { bindings, memory } = await findModelData(path);
  let others = false;
  const open = understand(bytes, path, { bindings: { ...bindings, ...options.bindings }, long, onOtherFile: () => (others = true) });
  return { ...open, readsOtherFiles: () => others, ...(memory ? { memory } : {}) };
}

export interface OpenOptions {
  /** Extents for dimensions that the model leaves open, by name; go before the `bind` of the model's entry in tinyml.json. */
  readonly bindings?: Bindings;
  /** Content to read instead of the file. */
  readonly bytes?: Uint8Array;
  /** Called when weights are read from another file. */
  readonly onOtherFile?: () => void;
  /** Where `bytes` is only the part of the file that says what it holds. */
  readonly long?: LongFile;
}

/** Reads a model from bytes; `path` is for names, messages and the data files beside it. */
export function understand(bytes: Uint8Array, path: string, options: OpenOptions = {}): OpenModel {
  const { model, problems } = isTflite(bytes) ? readTflite(bytes, path, options.long) : readOnnx(bytes, path, { external: externalReader(path, options.long, options.onOtherFile), bindings: options.bindings, fileBytes: options.long?.fileBytes });
  const wrong = verifyGraph(model.graph);
  if (wrong.length) throw new ProblemError(appProblems.malformedModel(path, wrong));
  return { path, bytes, ...formsOf(canonicalize(model)), problems, labels: labelsOf(model) };
}

function labelsOf(model: Model): readonly string[] {
  try {
    const labels: unknown = JSON.parse(model.metadata.get('labels') ?? '[]');
    return Array.isArray(labels) && labels.every((label) => typeof label === 'string') ? labels : [];
  } catch {
    return []; // another tool's metadata of the same name
  }
}

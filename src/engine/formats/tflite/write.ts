import type { Model } from '../../ir/types';
import { mergeReshapes } from '../../passes/merge-reshapes';
import { runPasses } from '../../passes/pass';
import { sinkTransposes } from '../../passes/sink-transposes';
import { stripBoundary } from '../../passes/strip-boundary';
import { toNhwc } from '../../passes/to-nhwc';
import { encodeRoot } from './encode';
import { exportGraph, type ExportOptions } from './export-graph';
import type { FlatTable } from './flatbuffer';
import { decodeText, SIGNATURES, signatureTables } from './metadata';
import { FILE_IDENTIFIER, schema, SCHEMA_VERSION } from './schema';

/** From channels first to TFLite's channels last. */
const toTflite = [toNhwc, sinkTransposes, mergeReshapes];

/**
 * A canonical model as a TFLite file. A model from ONNX is brought to TFLite's layouts first; one from TFLite is written as it
 * is. Throws `CannotWrite`.
 */
export function writeTflite(model: Model, options: ExportOptions = {}): Uint8Array {
  const ready = model.format === 'tflite' ? model : runPasses(model, options.boundary === 'real' ? toTflite : [...toTflite, stripBoundary]);
  const { operatorCodes, subgraphs, buffers } = exportGraph(ready, options);
  const metadata: FlatTable[] = [];
  for (const [name, text] of ready.metadata) {
    if (name === SIGNATURES) continue;
    metadata.push({ name, buffer: buffers.length });
    buffers.push({ data: decodeText(text) });
  }
  const table: FlatTable = {
    version: SCHEMA_VERSION, operatorCodes, subgraphs, buffers, metadata,
    description: ready.producer || 'TinyML Workbench',
    signatureDefs: signatureTables(ready.metadata.get(SIGNATURES), subgraphs[0]),
  };
  const size = buffers.reduce((sum, buffer) => sum + ((buffer.data as Uint8Array | undefined)?.length ?? 0) + 64, 4096);
  return encodeRoot(schema, 'Model', table, FILE_IDENTIFIER, size);
}

import type { Model } from '../../ir/types';
import { exportGraph, type ExportOptions } from './export-graph';
import { modelProto, type ModelProto } from './schema';
import { encodeMessage } from './wire';

/** The operator set that our exporters speak: per-channel QuantizeLinear needs 13. */
const OPSET = 17;
/** IR version that goes with it. Source: onnx Versioning.md. */
const IR_VERSION = 8;

/** A canonical model as an ONNX file; quantized parts in QDQ form. Throws `CannotWrite`. */
export function writeOnnx(model: Model, options: ExportOptions = {}): { bytes: Uint8Array; exposed: readonly string[] } {
  const { graph, exposed } = exportGraph(model, options);
  const proto: ModelProto = {
    irVersion: IR_VERSION,
    producerName: 'TinyML Workbench',
    opsetImport: [{ domain: '', version: OPSET }],
    graph,
    metadataProps: [...model.metadata].map(([key, value]) => ({ key, value })),
    functions: [],
  };
  return { bytes: encodeMessage(modelProto, proto), exposed };
}

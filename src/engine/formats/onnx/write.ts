import { dtypes } from '../../ir/dtype';
import type { Model } from '../../ir/types';
import { exportGraph, type ExportOptions } from './export-graph';
import { modelProto, type ModelProto } from './schema';
import { encodeMessage } from './wire';

/** The operator set that our exporters speak: per-channel QuantizeLinear needs 13. */
const DEFAULT_OPSET = 17;
/** IR version that goes with each operator set. Source: onnx docs/Versioning.md. */
const irVersions: Readonly<Record<number, number>> = { 17: 8, 21: 10, 25: 13 };

/** A canonical model as an ONNX file; quantized parts in QDQ form. Throws `CannotWrite`. */
export function writeOnnx(model: Model, options: ExportOptions = {}): { bytes: Uint8Array; exposed: readonly string[] } {
  const opset = neededOpset(model);
  const { graph, exposed } = exportGraph(model, options);
  const proto: ModelProto = {
    irVersion: irVersions[opset],
    producerName: 'TinyML Workbench',
    opsetImport: [{ domain: '', version: opset }],
    graph,
    metadataProps: [...model.metadata].map(([key, value]) => ({ key, value })),
    functions: [],
  };
  return { bytes: encodeMessage(modelProto, proto), exposed };
}

/** The writer's own operator set, or the first later one that has all that the model needs. */
function neededOpset(model: Model): number {
  let opset = DEFAULT_OPSET;
  for (const { type } of model.graph.values.values()) {
    if (!type.quantization) continue;
    // Scales on 4 and 16 bit codes came with QuantizeLinear-21, on 2 bit codes with QuantizeLinear-25.
    const { bits } = dtypes[type.dtype];
    if (bits === 16 || bits === 4) opset = Math.max(opset, 21);
    if (bits === 2) opset = Math.max(opset, 25);
  }
  return opset;
}

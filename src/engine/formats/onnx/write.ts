import { dtypes } from '../../ir/dtype';
import type { Model } from '../../ir/types';
import { NodeView } from '../../ops/op';
import { opaque, type OpaqueAttributes } from '../../ops/opaque';
import { opOf } from '../../ops/table';
import { DEFAULT_OPSET, exportGraph, type ExportOptions } from './export-graph';
import { modelFields } from './notes';
import { modelProto, type ModelProto } from './schema';
import { encodeMessage } from './wire';

/** IR version that goes with each operator set. Source: onnx docs/Versioning.md. */
const irVersions: Readonly<Record<number, number>> = { 17: 8, 18: 8, 19: 9, 20: 9, 21: 10, 22: 10, 23: 11, 24: 12 };
const LATEST_OPSET = 24;

/** A canonical model as an ONNX file; quantized parts in QDQ form. Throws `CannotWrite`. */
export function writeOnnx(model: Model, options: ExportOptions = {}): { bytes: Uint8Array; exposed: readonly string[] } {
  const opset = options.opset ?? neededOpset(model);
  const { graph, exposed, domains } = exportGraph(model, { ...options, opset });
  const proto: ModelProto = {
    irVersion: irVersions[opset],
    producerName: 'TinyML Workbench',
    opsetImport: [{ domain: '', version: opset }, ...[...domains].map(([domain, version]) => ({ domain, version }))],
    graph,
    metadataProps: [...model.metadata].map(([key, value]) => ({ key, value })),
    functions: [],
    ...modelFields(model.notes),
  };
  return { bytes: encodeMessage(modelProto, proto), exposed };
}

/** The writer's own operator set, or the first later one that has all that the model needs. */
function neededOpset(model: Model): number {
  let opset = DEFAULT_OPSET;
  const need = (version: number): void => void (opset = Math.min(LATEST_OPSET, Math.max(opset, version)));
  for (const value of model.graph.values.values()) {
    // Scales on 4 and 16 bit codes came with QuantizeLinear-21.
    if (value.type.quantization && (dtypes[value.type.dtype].bits === 16 || dtypes[value.type.dtype].bits === 4)) need(21);
  }
  for (const node of model.graph.nodes) {
    const since = opOf(node).onnx?.since;
    if (since) need(since(new NodeView(model.graph, node, model.rounding)));
    // An opaque node means what it meant under its own operator set.
    if (node.op === opaque.name) for (const set of (node.attributes as OpaqueAttributes).opsets) if (set.startsWith('=')) need(Number(set.slice(1)));
  }
  return opset;
}

import { dtypes } from '../../ir/dtype';
import type { Graph, Model } from '../../ir/types';
import { innerGraphs } from '../../cost/inner-graphs';
import { NodeView } from '../../ops/op';
import { opaque, type OpaqueAttributes } from '../../ops/opaque';
import { opOf } from '../../ops/table';
import { sinkTransposes } from '../../passes/sink-transposes';
import { toNchw } from '../../passes/to-nhwc';
import { DEFAULT_OPSET, exportGraph, type ExportOptions } from './export-graph';
import { modelFields } from './notes';
import { modelProto, type ModelProto } from './schema';
import { encodeMessage } from './wire';

/** IR version that goes with each operator set. Source: onnx docs/Versioning.md. */
const irVersions: Readonly<Record<number, number>> = { 13: 7, 14: 7, 15: 8, 16: 8, 17: 8, 18: 8, 19: 9, 20: 9, 21: 10, 22: 10, 23: 11, 24: 12, 25: 13 };
/** Exporters write axes as inputs and a scale per channel, as from 13 on. */
const EARLIEST_OPSET = 13;
const LATEST_OPSET = 25;
/** Of operator sets later than ours, which only nodes ask for that are written back as they came. */
const LATEST_IR = 13;

/** A canonical model as an ONNX file; quantized parts in QDQ form. Throws `CannotWrite`. */
export function writeOnnx(model: Model, options: ExportOptions = {}): { bytes: Uint8Array; exposed: readonly string[] } {
  const turned = channelsFirst(model, options.expose !== undefined);
  const opset = options.opset ?? neededOpset(turned);
  const { graph, exposed, domains } = exportGraph(turned, { ...options, opset });
  const proto: ModelProto = {
    irVersion: irVersions[opset] ?? LATEST_IR,
    producerName: 'TinyML Workbench',
    opsetImport: [{ domain: '', version: opset }, ...[...domains].map(([domain, version]) => ({ domain, version }))],
    graph,
    metadataProps: [...model.metadata].map(([key, value]) => ({ key, value })),
    functions: [],
    ...modelFields(model.notes),
  };
  return { bytes: encodeMessage(modelProto, proto), exposed };
}

/** Models of other formats have images with channels last: ONNX has no such layers. Values that are to be seen stay where they are. */
function channelsFirst(model: Model, isWatched: boolean): Model {
  if (model.graph.nodes.every((node) => node.attributes.layout !== 'nhwc')) return model;
  const turned = toNchw.run(model);
  return isWatched ? turned : sinkTransposes.run(turned);
}

/**
 * The writer's own operator set, or that of nodes that are written back without being understood, or the first later one
 * that has all that the model needs.
 */
function neededOpset(model: Model): number {
  const graphs: Graph[] = [model.graph, ...model.graph.nodes.flatMap(innerGraphs)];
  const opaqueSets = graphs.flatMap((graph) => graph.nodes).filter((node) => node.op === opaque.name).flatMap((node) => (node.attributes as OpaqueAttributes).opsets);
  const read = opaqueSets.flatMap((set) => (set.startsWith('=') ? [Number(set.slice(1))] : []));
  let opset = read.length ? Math.max(EARLIEST_OPSET, ...read) : DEFAULT_OPSET;
  const need = (version: number): void => void (opset = Math.min(LATEST_OPSET, Math.max(opset, version)));
  for (const value of graphs.flatMap((graph) => [...graph.values.values()])) {
    if (!value.type.quantization) continue;
    // Scales on 4 and 16 bit codes came with QuantizeLinear-21, on 2 bit codes with QuantizeLinear-25.
    const { bits } = dtypes[value.type.dtype];
    if (bits === 16 || bits === 4 || value.type.quantization.block) need(21);
    if (bits === 2) need(25);
  }
  for (const graph of graphs) {
    for (const node of graph.nodes) {
      const since = opOf(node).onnx?.since;
      if (since) need(since(new NodeView(graph, node, model.rounding)));
    }
  }
  return opset;
}

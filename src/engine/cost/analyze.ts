import type { Problem } from '../../base/problem';
import { callsOf, type PackedConstant } from '../codegen/kernel';
import { sharedConstants } from '../codegen/shared-constants';
import { CALL_BYTES, type Step } from '../codegen/choose-kernels';
import { headersOf, instancesOf, type Program } from '../codegen/program';
import { byteLengthOf, elementCount, isStatic, typeBytes } from '../ir/dtype';
import { liveBytes } from '../memory/place';
import { NodeView } from '../ops/op';
import type { Graph, Model, Node, NodeId, StaticType, Value, ValueId } from '../ir/types';
import { howOfTotals } from './how';
import { innerGraphs, isUnderstood } from './inner-graphs';
import { layerTimesUs, timeReport, type Machine } from './latency';
import { costProblems } from './problems';
import { UNKNOWN_SHAPE, type InspectReport, type LayerFamily, type LayerReport, type PlacementReport, type PortReport } from './report';

/** Code that every model has besides its layers: init, run, port helpers; measured on a Cortex-M4 at -O2 (docs/cost-model.md). */
const FIXED_CODE_BYTES = 80;

export interface Analyzed {
  /** The lowered model with all that its file has: MACs and parameters are counted on it. */
  readonly model: Model;
  readonly path: string;
  /** What the generated C does: bytes are counted on it. Its nodes have the ids of the model's. */
  readonly program: Program;
  readonly labels: readonly string[];
  readonly openExtents: readonly string[];
  readonly problems: readonly Problem[];
  /** The board's speed; without it no times are reported. */
  readonly machine?: Machine;
}

/** Nodes of the lowered model with all that its file has, by the ids that the program's steps share. */
export const inFileViews = (model: Model): ReadonlyMap<NodeId, NodeView> => new Map(model.graph.nodes.map((node) => [node.id, new NodeView(model.graph, node, model.rounding)]));

/** Costs of a planned program: bytes and MACs exact, code size modelled. */
export function analyze({ model, path, program, labels, openExtents, problems, machine }: Analyzed): InspectReport {
  const live = liveBytes(program.buffers, program.steps.length);
  const inFile = inFileViews(model);
  const { inputs, outputs } = program.model.graph;
  const isAtBoundary = (node: Node): boolean => node.inputs.some((id) => id !== undefined && inputs.includes(id)) || node.outputs.some((id) => outputs.includes(id));
  const times = machine ? layerTimesUs(program.steps, machine) : [];
  const stored = sharedConstants(program);
  const layers = program.steps.map((step) => {
    const strip = program.strips?.sources.get(step.node.id);
    const whole = { view: inFile.get(strip?.node ?? step.node.id) ?? step.view, share: strip?.share ?? 1, isFirst: strip?.isFirst ?? true };
    return {
      ...layerReport(step, live[step.index], whole, (constant) => stored.get(constant) === constant, isAtBoundary),
      ...(times[step.index] === undefined ? {} : { timeUs: times[step.index] }),
    };
  });
  const time = machine && timeReport(program.steps, times, machine);
  const sum = (pick: (layer: LayerReport) => number): number => layers.reduce((total, layer) => total + pick(layer), 0);
  const perRound = program.steps.filter((step) => step.op.costsPerRound?.(step.view));
  const uncounted = layers.filter((layer) => !layer.counted).map((layer) => ({ layer: layer.name, op: layer.label }));
  const weightBytes = sum((layer) => layer.weightBytes);
  const shared = [...headersOf(program), ...instancesOf(program)].reduce((total, { codeBytes }) => total + (codeBytes ?? 0), FIXED_CODE_BYTES);
  const codeBytes = shared + callBytes(program);
  return {
    schema: 'tinyml-inspect/1',
    model: {
      name: model.name,
      path,
      format: model.format,
      fileBytes: model.fileBytes,
      producer: model.producer,
      arithmetic: arithmeticOf(program),
      rounding: model.rounding,
      inputs: portReports(program.model.graph, program.model.graph.inputs),
      outputs: portReports(program.model.graph, program.model.graph.outputs),
      labels,
      openExtents,
    },
    totals: {
      layers: layers.length,
      macs: sum((layer) => layer.macs),
      executedMacs: sum((layer) => layer.executedMacs),
      params: sum((layer) => layer.params),
      weightBytes,
      flashBytes: weightBytes + codeBytes,
      ramBytes: program.arenaBytes,
      basis: { macs: 'exact', weightBytes: 'exact', flashBytes: 'modelled', ramBytes: 'exact' },
      how: howOfTotals,
      lowerBound: uncounted.length > 0 || perRound.length > 0,
    },
    ...(time ? { time } : {}),
    arena: { ...arenaReport(program, live), ...(program.strips ? { strips: { count: program.strips.count, layers: program.strips.layers, extraMacs: extraMacsOf(program, layers) } } : {}) },
    layers,
    uncounted,
    problems: [...problems, ...perRound.map((step) => costProblems.perRound(step.node.name)), ...foldedProblems(layers)],
  };
}

/** The arena over the steps of a program. */
export function arenaReport(program: Program, live: readonly number[] = liveBytes(program.buffers, program.steps.length)): InspectReport['arena'] {
  const peak = live.reduce((most, bytes) => Math.max(most, bytes), 0);
  return {
    bytes: program.arenaBytes,
    liveBoundBytes: program.arenaBoundBytes,
    peakSteps: live.flatMap((bytes, step) => (bytes === peak && peak > 0 ? [step] : [])),
    order: program.order,
    placements: placementReports(program),
  };
}

/** Code of all calls: each specialised, or for little flash one function for all calls of a kind. */
function callBytes({ steps, goal }: Program): number {
  const plans = steps.flatMap((step) => step.plan ?? []);
  if (goal !== 'flash') return plans.reduce((total, plan) => total + plan.codeBytes, 0);
  const functions = new Map(plans.map((plan) => [plan.function, plan.codeBytes]));
  return [...functions.values()].reduce((total, bytes) => total + bytes, 0) + CALL_BYTES * plans.length;
}

/** What the strips compute besides the rows of the whole: rows that are kept instead of computed again make it 0. */
function extraMacsOf({ strips, steps }: Program, layers: readonly LayerReport[]): number {
  const sums = new Map<number, { macs: number; share: number }>();
  steps.forEach(({ node }, i) => {
    const source = strips?.sources.get(node.id);
    if (!source) return;
    const { macs, share } = sums.get(source.node) ?? { macs: 0, share: 0 };
    sums.set(source.node, { macs: macs + layers[i].executedMacs, share: share + source.share });
  });
  return [...sums.values()].reduce((extra, { macs, share }) => extra + Math.round(macs - macs / share), 0);
}

/** Channels that are the same for every input are not computed; the file's own figures stand beside. */
function foldedProblems(layers: readonly LayerReport[]): Problem[] {
  const sum = (pick: (layer: LayerReport) => number): number => layers.reduce((total, layer) => total + pick(layer), 0);
  const [macs, executed] = [sum((layer) => layer.macs), sum((layer) => layer.executedMacs)];
  const isReal = layers.some((layer) => layer.executedMacs < layer.macs && layer.dtype === 'float32');
  return executed >= macs ? [] : [costProblems.folded(macs, executed, isReal)];
}

/** The layer in the file that a step computes, whole or a share of it. */
interface LayerInFile {
  readonly view: NodeView;
  readonly share: number;
  readonly isFirst: boolean;
}

function layerReport(step: Step, live: number, inFile: LayerInFile, isStored: (constant: PackedConstant) => boolean, isAtBoundary: (node: Node) => boolean): LayerReport {
  const { view, op, node, plan } = step;
  const output = view.output();
  const known = isStatic(output.type);
  const counted = isUnderstood(node) && known && node.inputs.every((id, i) => id === undefined || isStatic(view.type(i)));
  const family: LayerFamily = typeof op.family === 'function' ? (counted ? op.family(view) : 'other') : (op.family ?? 'other');
  const layoutOnly = op.onlyMoves === true && isAtBoundary(node);
  const constants = constantsOf(view);
  // Without a kernel nothing is packed: the constants as the file holds them are the best that can be said.
  const stored = constants.reduce((bytes, value) => bytes + value.constant!.byteLength, 0);
  const packed = plan && callsOf(plan).flatMap((call) => call.constants).filter(isStored).reduce((bytes, constant) => bytes + byteLengthOf(constant.dtype, constant.elements), 0);
  return {
    index: step.index,
    name: node.name,
    op: node.op,
    label: layoutOnly ? `${op.label(view)} (layout)` : op.label(view),
    family,
    macs: counted ? Math.round((op.macs?.(inFile.view) ?? 0) * inFile.share) : 0,
    executedMacs: counted ? (op.macs?.(view) ?? 0) : 0,
    params: !inFile.isFirst ? 0 : constantsOf(inFile.view).reduce((count, value) => count + elementCount((value.type as StaticType).shape), 0),
    weightBytes: packed ?? stored,
    outputBytes: known ? typeBytes(output.type as StaticType) : 0,
    liveBytes: live,
    outputShape: output.type.shape ?? UNKNOWN_SHAPE,
    dtype: output.type.dtype,
    origin: node.origin,
    layoutOnly,
    counted,
  };
}

/** Constants that a layer reads, those of graphs inside of it included. */
const constantsOf = (view: NodeView): Value[] => [
  ...view.node.inputs.flatMap((id, i) => (id !== undefined && view.isConstant(i) ? [view.input(i)] : [])),
  ...innerGraphs(view.node).flatMap((graph) => [...graph.values.values()].filter((value) => value.constant)),
];


/** Arithmetic of the layers that have weights, or of all where none has. */
function arithmeticOf(program: Program): string {
  const weighted = program.steps.filter((step) => step.op.scalesWeights);
  const kinds = new Set((weighted.length ? weighted : program.steps).map((step) => step.view.output().type.dtype));
  if (kinds.size === 0) return 'none';
  return kinds.size === 1 ? [...kinds][0] : 'mixed';
}

export function portReports(graph: Graph, ids: readonly ValueId[]): PortReport[] {
  return ids.map((id) => {
    const { name, type } = graph.values.get(id)!;
    const { scale, zeroPoint } = type.quantization ?? {};
    return { name, dtype: type.dtype, shape: type.shape ?? UNKNOWN_SHAPE, ...(scale && zeroPoint ? { scale: scale[0], zeroPoint: zeroPoint[0] } : {}) };
  });
}

function placementReports(program: Program): PlacementReport[] {
  const { graph } = program.model;
  return program.buffers.map((buffer) => ({
    name: buffer.values.length ? graph.values.get(buffer.values[0])!.name : 'scratch',
    offset: buffer.offset,
    bytes: buffer.bytes,
    firstStep: buffer.first,
    lastStep: Math.min(buffer.last, program.steps.length - 1),
    role: buffer.role,
  }));
}

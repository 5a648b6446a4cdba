import { crc32 } from '../../base/crc32';
import { throwIfCancelled } from '../../base/cancel';
import type { Task } from '../../base/progress';
import { callsOf } from '../../engine/codegen/kernel';
import { sharedConstants } from '../../engine/codegen/shared-constants';
import type { Step } from '../../engine/codegen/choose-kernels';
import { planWithin } from '../../engine/codegen/choose-strips';
import type { Program } from '../../engine/codegen/program';
import { elementCount } from '../../engine/ir/dtype';
import { constantTensor, decodeBytes, encodeBytes, type Tensor } from '../../engine/ir/tensor';
import type { ValueId } from '../../engine/ir/types';
import { Interpreter, inputTensor } from '../../engine/verify/interpret';
import { isaOf, memoryOf } from '../inspect-model';
import { layerFacts } from '../layer-facts';
import { openModel } from '../model-file';
import { compareTensors } from './compare-tensors';
import { likelyCause } from './likely-cause';
import type { ExplainRequest, HostLayer, LayerDifference, TraceReport, TraceRequest } from './trace-contract';

interface TracedModel {
  readonly program: Program;
  /** Every value of the last run. */
  readonly values: ReadonlyMap<ValueId, Tensor>;
}

/** What the reference interpreter computes in each layer of the generated C. */
export async function traceModel(request: TraceRequest, task: Task): Promise<TraceReport> {
  const { program, values } = await runTraced(request, task);
  const shared = sharedConstants(program);
  return { layers: program.steps.map((step) => hostLayer(program, step, values.get(step.node.outputs[0])!, shared)) };
}

/** A board's result of one layer beside the host's, and the likely cause where they differ. */
export async function explainLayer(request: ExplainRequest, task: Task): Promise<LayerDifference> {
  const { program, values } = await runTraced(request, task);
  const step = program.steps[request.layer];
  const host = values.get(step.node.outputs[0])!;
  const board: Tensor = { type: host.type, data: decodeBytes(host.type.dtype, elementCount(host.type.shape), request.board) };
  const inputs = step.node.inputs.map((id) => (id === undefined ? undefined : (values.get(id) ?? constantTensor(step.view.graph.values.get(id)!))));
  const comparison = compareTensors(host, board);
  return {
    layer: request.layer,
    ...comparison,
    host: Array.from(host.data),
    board: Array.from(board.data),
    cause: likelyCause({ step, inputs, host, board, differ: comparison.differ, weights: { host: weightsOf(step, sharedConstants(program)), board: request.weights } }),
  };
}

async function runTraced(request: TraceRequest, task: Task): Promise<TracedModel> {
  const open = await openModel(request.path, task, request);
  // Layers as the board runs them: in strips where the C has strips.
  const program = planWithin(open.lowered, isaOf(request.isa), memoryOf(open, request));
  const { model } = program;
  const interpreter = new Interpreter(model);
  const values = new Map<ValueId, Tensor>();
  for (const [i, bytes] of request.inputs.entries()) {
    throwIfCancelled(task.signal);
    const isLast = i === request.inputs.length - 1;
    const input = inputTensor(model, 0, bytes);
    if (isLast) values.set(model.graph.inputs[0], input);
    interpreter.run([input], isLast ? (id, tensor) => void values.set(id, tensor) : undefined);
  }
  return { program, values };
}

function hostLayer(program: Program, step: Step, result: Tensor, shared: ReturnType<typeof sharedConstants>): HostLayer {
  const bytes = encodeBytes(result.type.dtype, result.data);
  return {
    index: step.index,
    ...layerFacts(step),
    bytes: bytes.length,
    crc: crc32(bytes),
    weights: weightsOf(step, shared),
    sources: sourcesOf(program, step),
    kernel: step.kernel?.header.file ?? '',
  };
}

/** The constants as the generated sources hold them: what strips of a layer share stands with the first of them. */
function weightsOf(step: Step, shared: ReturnType<typeof sharedConstants>): HostLayer['weights'] {
  let sum = { bytes: 0, crc: 0 };
  for (const constant of step.plan ? callsOf(step.plan).flatMap((call) => call.constants).filter((constant) => shared.get(constant) === constant) : []) {
    const bytes = encodeBytes(constant.dtype, constant.make());
    sum = { bytes: sum.bytes + bytes.length, crc: crc32(bytes, sum.crc) };
  }
  return sum;
}

/** Steps whose results a step reads, through views of them too. */
function sourcesOf({ model, steps }: Program, { node }: Step): number[] {
  const makers = new Map(model.graph.nodes.flatMap((maker) => maker.outputs.map((id) => [id, maker] as const)));
  const indexOf = new Map(steps.map((step) => [step.node.id, step.index]));
  const found = new Set<number>();
  const visit = (id: ValueId | undefined): void => {
    const maker = id === undefined ? undefined : makers.get(id);
    if (!maker) return;
    const index = indexOf.get(maker.id);
    if (index === undefined) visit(maker.inputs[0]);
    else found.add(index);
  };
  node.inputs.forEach(visit);
  return [...found].sort((a, b) => a - b);
}

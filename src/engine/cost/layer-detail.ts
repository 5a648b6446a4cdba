import { callsOf } from '../codegen/kernel';
import type { Step } from '../codegen/choose-kernels';
import type { Program } from '../codegen/program';
import { byteLengthOf, isStatic, typeBytes } from '../ir/dtype';
import type { Attribute, Value } from '../ir/types';
import { NodeView } from '../ops/op';
import { inFileViews } from './analyze';
import { layerTime, type Machine } from './latency';
import type { KernelReport, LayerDetailReport, TensorReport } from './layer-detail-report';
import { UNKNOWN_SHAPE, type InspectReport } from './report';
import type { Model } from '../ir/types';
import { weightReport } from './weight-report';

/**
 * Step `index` of a planned program in detail. Weights are described as the file has them (`model`), bytes and kernel as the
 * generated C has them.
 */
export function layerDetail(model: Model, program: Program, report: InspectReport, index: number, machine?: Machine): LayerDetailReport {
  const step = program.steps[index];
  const inFile = inFileViews(model).get(step.node.id) ?? step.view;
  const weights = weightReport(inFile);
  const time = machine && layerTime(step, machine);
  return {
    schema: 'tinyml-layer/1',
    layer: report.layers[index],
    inputs: inFile.node.inputs.flatMap((id, i) => (id === undefined ? [] : [tensorReport(inFile.input(i))])),
    outputs: step.node.outputs.map((_, i) => tensorReport(step.view.output(i))),
    attributes: attributesOf(inFile),
    ...(weights ? { weights } : {}),
    ...(step.kernel && step.plan ? { kernel: kernelReport(program, step) } : {}),
    ...(time ? { time: { ...time, how: report.time?.how ?? [] } } : {}),
  };
}

function tensorReport({ name, type, constant }: Value): TensorReport {
  const { scale, zeroPoint } = type.quantization ?? {};
  const quantization = scale === undefined ? {} : scale.length === 1 ? { scale: scale[0], zeroPoint: zeroPoint?.[0] ?? 0 } : { channels: scale.length };
  return { name, dtype: type.dtype, shape: type.shape ?? UNKNOWN_SHAPE, bytes: isStatic(type) ? typeBytes(type) : null, constant: constant !== undefined, ...quantization };
}

function kernelReport(program: Program, { kernel, plan }: Step): KernelReport {
  const calls = callsOf(plan!);
  return {
    isa: program.isa,
    functions: [...new Set(calls.flatMap((call) => call.function || []))],
    header: kernel!.header.file,
    codeBytes: plan!.codeBytes,
    scratchBytes: plan!.scratchBytes ?? 0,
    constants: calls.flatMap((call) => call.constants).map(({ role, dtype, elements }) => ({ role, dtype, elements, bytes: byteLengthOf(dtype, elements) })),
  };
}

/** Longer lists are cut: they are tables, not settings. */
const LIST_AT_MOST = 16;

/** Those that a person would name; whole graphs and tensors given as attributes are told by their kind. */
function attributesOf(view: NodeView): LayerDetailReport['attributes'] {
  return Object.entries(view.attributes).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value: attributeText(value) }]));
}

function attributeText(value: Attribute): string {
  if (typeof value === 'object') {
    if (value instanceof Uint8Array) return `${value.length} bytes`;
    if (Array.isArray(value)) {
      const list = value as readonly unknown[];
      if (list.some((item) => typeof item === 'object')) return `${list.length} graphs`;
      return list.length ? `${list.slice(0, LIST_AT_MOST).join(', ')}${list.length > LIST_AT_MOST ? `, … ${list.length} in all` : ''}` : 'none';
    }
    return 'kind' in value ? `a ${value.kind}` : '';
  }
  return String(value);
}

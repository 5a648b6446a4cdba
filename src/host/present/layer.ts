import { formatCount, formatShape, formatTimeUs } from '../../base/units';
import { shortName } from '../../engine/cost/short-name';
import type { LayerDetailReport, LayerTimeReport, TensorReport, WeightReport } from '../../engine/cost/layer-detail-report';
import type { FactView, LayerDetailView, TimeView, WeightDetailView } from '../../messages/inspector';

/** One layer's detail as the inspector shows it. */
export function presentLayer(report: LayerDetailReport): LayerDetailView {
  const { layer, weights, kernel } = report;
  return {
    index: layer.index,
    attributes: report.attributes.map(({ name, value }) => ({ name: wordsOf(name), value })),
    tensors: [...report.inputs.map((tensor, i) => tensorOf(tensor, i, report.inputs)), ...report.outputs.map((tensor) => ({ role: 'Output', name: tensor.name, title: shortName(tensor.name), text: textOf(tensor) }))],
    origin: layer.origin.map(({ name, op, index }) => ({ text: `${op} ${shortName(name)}, number ${formatCount(index)} in the file`, name })),
    ...(weights ? { weights: weightsOf(weights) } : {}),
    ...(report.time ? { time: timeOf(report.time) } : {}),
    ...(kernel ? { kernel: { title: kernel.functions.join(', '), facts: kernelFacts(report) } } : {}),
  };
}

/** Named parts with their formulas; what is counted but costs nothing here is left out. */
function timeOf({ us, parts, cyclesPerInstruction, clockHz, factor, how }: LayerTimeReport): TimeView {
  const calibrated = factor === 1 ? '' : ` × ${factor.toPrecision(3)} (calibrated)`;
  return {
    parts: parts.filter(({ instructions }) => Math.round(instructions) > 0).map(({ name, of, count, each, instructions }) => ({ name, formula: of ? `${formatCount(count)} ${of} × ${each.toFixed(2)}` : '', count: Math.round(instructions) })),
    unit: 'Instructions',
    result: `× ${cyclesPerInstruction.toFixed(2)} cycles per instruction ÷ ${formatCount(clockHz / 1e6)} MHz${calibrated} = ${formatTimeUs(us)}`,
    basis: 'modelled',
    how,
  };
}

/** The first constant with weights is called so; biases and tables follow it. */
function tensorOf(tensor: TensorReport, index: number, inputs: readonly TensorReport[]): LayerDetailView['tensors'][number] {
  const first = inputs.findIndex((input) => input.constant);
  const role = !tensor.constant ? 'Input' : index === first ? 'Weights' : 'Constant';
  return { role, name: tensor.name, title: shortName(tensor.name), text: textOf(tensor) };
}

function textOf({ dtype, shape, scale, zeroPoint, channels }: TensorReport): string {
  const quantization = scale !== undefined ? ` · scale ${scale.toPrecision(6)} · zero ${zeroPoint ?? 0}`.replace('-', '−') : channels ? ` · ${formatCount(channels)} scales` : '';
  return `${formatShape(shape)} ${dtype}${quantization}`;
}

/** `clampMin` -> `Clamp min` */
const wordsOf = (name: string): string => {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
};

function weightsOf(weights: WeightReport): WeightDetailView {
  const { shape, dtype, elements, zeros, channels, dead, min, max, histogram, quantization, channelMax } = weights;
  return {
    text: `${formatShape(shape)} ${dtype} · ${formatCount(elements)} weights`,
    elements, zeros, channels, dead, min, max, histogram, channelMax,
    ...(quantization && quantization.scale.length > 1 ? { scales: quantization.scale.slice(0, Math.max(channelMax.length, 1)), zeroPoints: quantization.zeroPoint.slice(0, channelMax.length) } : {}),
  };
}

function kernelFacts({ kernel, layer }: LayerDetailReport): readonly FactView[] {
  const { isa, header, codeBytes, scratchBytes, constants } = kernel!;
  const packed = constants.map(({ role, dtype, elements, bytes }) => `${role} ${formatCount(elements)} ${dtype} (${formatCount(bytes)} B)`);
  return [
    { name: 'Kernel', value: `${header}, for ${isa === 'c99' ? 'portable C' : isa}` },
    { name: 'Constants', value: packed.length ? packed.join(', ') : 'none' },
    { name: 'Code', value: `about ${formatCount(codeBytes)} B (modelled, Cortex-M4 at −O2)` },
    ...(scratchBytes ? [{ name: 'Scratch', value: `${formatCount(scratchBytes)} B while it runs` }] : []),
    ...(layer.executedMacs < layer.macs ? [{ name: 'Folded', value: `${formatCount(layer.executedMacs)} of ${formatCount(layer.macs)} MACs are run: constant channels are computed beforehand` }] : []),
  ];
}

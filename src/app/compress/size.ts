import type { Goal } from '../../engine/codegen/choose-kernels';
import { callsOf } from '../../engine/codegen/kernel';
import { planProgram } from '../../engine/codegen/program';
import { byteLengthOf, elementCount, typeBytes } from '../../engine/ir/dtype';
import { GraphEditor } from '../../engine/ir/edit';
import { constantOf, constantTensor, tensorOf } from '../../engine/ir/tensor';
import type { Model, StaticType } from '../../engine/ir/types';
import { opOf } from '../../engine/ops/table';
import { realWeights } from '../../engine/ops/weights';
import { reportOf } from '../inspect-model';
import type { OpenModel } from '../model-file';

export interface Size {
  readonly macs: number;
  readonly weightBytes: number;
  /** Constants and modelled code of the generated C. */
  readonly flashBytes: number;
  readonly ramBytes: number;
  readonly withoutKernels: readonly string[];
}

/**
 * Size of a model's generated C. Where there is no kernel for packed weights, that of the same model with weights that there
 * are kernels for, less what packing saves: tables and code stay what they are.
 */
export function sizeOf(open: OpenModel, goal: Goal = 'speed'): Size {
  const program = planProgram(open.lowered, 'c99', { goal });
  const withoutKernels = program.steps.filter((step) => !step.kernel && !step.op.isView).map((step) => step.node.name);
  const { totals } = reportOf(open, program, []);
  if (!withoutKernels.length) return { ...totals, withoutKernels };
  const twin = unpacked(open.lowered);
  const { totals: whole } = reportOf({ ...open, lowered: twin.model }, planProgram(twin.model, 'c99', { goal }), []);
  return { macs: totals.macs, weightBytes: whole.weightBytes - twin.savedBytes, flashBytes: whole.flashBytes - twin.savedBytes, ramBytes: totals.ramBytes, withoutKernels };
}

/** Roles of constants of kernels that decode weights. */
const CODED_ROLES: ReadonlySet<string> = new Set(['codes', 'stored']);

/** Bytes that codebooks and left-out zeros save in C that is asked to be small, and the layers they do so in. */
export function packedSavings({ lowered }: Pick<OpenModel, 'lowered'>): { readonly bytes: number; readonly layers: number } {
  let [bytes, layers] = [0, 0];
  for (const { plan, node, view } of planProgram(lowered, 'c99', { goal: 'flash' }).steps) {
    const constants = plan ? callsOf(plan).flatMap((call) => call.constants) : [];
    if (!constants.some(({ role }) => CODED_ROLES.has(role))) continue;
    layers++;
    const stored = constants.filter(({ role }) => CODED_ROLES.has(role) || role === 'weights').reduce((sum, { dtype, elements }) => sum + byteLengthOf(dtype, elements), 0);
    bytes += typeBytes(view.graph.values.get(node.inputs[1]!)!.type as StaticType) - stored;
  }
  return { bytes, layers };
}

/** The model with int8 activations for int16 ones, a byte for each narrow weight of integer layers, real weights in layers on real numbers. */
function unpacked(model: Model): { model: Model; savedBytes: number } {
  const editor = GraphEditor.of(model.graph);
  let savedBytes = 0;
  for (const { id, type, constant } of model.graph.values.values()) {
    if (type.dtype === 'int16' && type.quantization && !constant) editor.setType(id, { ...type, dtype: 'int8' });
  }
  for (const node of model.graph.nodes) {
    if (!opOf(node).scalesWeights) continue;
    const weights = model.graph.values.get(node.inputs[1]!)!;
    const isInteger = model.graph.values.get(node.outputs[0])!.type.quantization !== undefined;
    if (!weights.constant || !weights.type.quantization || (isInteger && weights.type.dtype === 'int8')) continue;
    const tensor = constantTensor(weights);
    const wide = isInteger ? tensorOf({ ...tensor.type, dtype: 'int8' }, tensor.data) : realWeights(tensor);
    savedBytes += typeBytes(wide.type) - typeBytes(weights.type as StaticType);
    // Real layers need no table of scales; packed ones do: a float32 for each channel.
    if (!isInteger) savedBytes -= 4 * tensor.type.shape[0];
    const inputs = node.inputs.map((id, i) => (i === 1 ? editor.addValue(weights.name, wide.type, constantOf(wide)) : id));
    editor.replaceNode(node.id, { inputs });
  }
  return { model: { ...model, graph: editor.finish() }, savedBytes };
}

/** Bytes of a layer's weights in a form of so many bits. */
export const packedBytes = (type: StaticType, bits: number): number => Math.ceil((elementCount(type.shape) * bits) / 8);

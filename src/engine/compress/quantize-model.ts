import { outcome, type Outcome } from '../../base/outcome';
import type { Problem } from '../../base/problem';
import { GraphEditor } from '../ir/edit';
import { usesOf, type Uses } from '../ir/traverse';
import type { Graph, Model, Node, Quantization, ValueId } from '../ir/types';
import { dequantize } from '../ops/dequantize/op';
import { quantize } from '../ops/quantize/op';
import { opOf } from '../ops/table';
import { asymmetric, symmetric } from '../quant/range';
import { isQuantizable, type ActivationForm, type QuantizePlan } from './plan';
import { storeWeights } from './store-weights';

type CodeForm = Exclude<ActivationForm, 'float32'>;

/** Codes of an int16 activation stay within this on both sides of zero. Source: TFLite's 16x8 quantization specification. */
const INT16_LARGEST = 32767;

/**
 * The quantized form of a canonical model after a plan: weights symmetric per output channel, int8 activations asymmetric and
 * int16 ones symmetric per tensor, bias int32 at input scale * weight scale. Layers without an integer form, and those that
 * the plan keeps, stay in float between dequantize and quantize. Node ids are those of `model`.
 */
export function quantizeModel(model: Model, plan: QuantizePlan): Outcome<Model> {
  return new Quantizer(model, plan).run();
}

class Quantizer {
  private readonly graph: Graph;
  private readonly editor: GraphEditor;
  private readonly uses: Uses;
  private readonly problems: Problem[] = [];
  /** Codes of a value that was real before, by form. */
  private readonly codes = new Map<string, ValueId>();
  private readonly scales = new Map<string, Quantization>();
  /** Form in which a value is made, where it is made as codes. */
  private readonly madeAs = new Map<ValueId, CodeForm>();

  constructor(private readonly model: Model, private readonly plan: QuantizePlan) {
    this.graph = model.graph;
    this.editor = GraphEditor.of(model.graph);
    this.uses = usesOf(model.graph);
  }

  run(): Outcome<Model> {
    for (const node of this.graph.nodes) if (isQuantizable(this.graph, node)) this.quantizeNode(node);
    return outcome({ ...this.model, graph: this.editor.finish() }, this.problems);
  }

  private quantizeNode(node: Node): void {
    const op = opOf(node);
    const form = this.plan.formOf(node);
    const activations = this.formOfActivations(node);
    if (activations !== 'float32' && !this.hasRanges(node)) return;
    if (op.scalesWeights) {
      if (activations === 'float32' && form.weights === 'float32') return;
      const input = activations === 'float32' ? undefined : this.scaleOf(node.inputs[0]!, activations);
      const stored = storeWeights(this.editor, node, form.weights, input, this.plan);
      if (stored.problem) this.problems.push(stored.problem);
      if (!stored.inputs) return;
      if (activations === 'float32') {
        this.editor.replaceNode(node.id, { inputs: stored.inputs });
        return;
      }
      this.replaceByCodes(node, activations, [this.codesOf(node.inputs[0]!, activations), ...stored.inputs.slice(1)]);
      return;
    }
    if (activations === 'float32' || node.inputs.some((id) => id !== undefined && this.graph.values.get(id)!.constant)) return;
    this.replaceByCodes(node, activations, node.inputs.map((id) => (id === undefined ? id : this.codesOf(id, activations))));
  }

  /** Ranges that are estimated without data may be missing behind an op that nothing is known of: such layers stay as they are. */
  private hasRanges(node: Node): boolean {
    const isKnown = (id: ValueId | undefined): boolean => id === undefined || this.graph.values.get(id)!.constant !== undefined || this.plan.ranges.has(id);
    return node.inputs.every(isKnown) && (opOf(node).quantization === 'keeps' || opOf(node).outputQuantization !== undefined || isKnown(node.outputs[0]));
  }

  private formOfActivations(node: Node): ActivationForm {
    const op = opOf(node);
    const wanted = this.plan.formOf(node).activations;
    const source = node.inputs[0]!;
    if (op.quantization === 'keeps') {
      // What only passes numbers on takes them as they come; a layer that was kept in float is not worth a rounding here.
      const producer = this.uses.producer.get(source);
      return this.madeAs.get(source) ?? (producer && isQuantizable(this.graph, producer) ? 'float32' : wanted);
    }
    // An op that knows its own int8 scale has no int16 form.
    return wanted === 'int16' && op.outputQuantization ? 'float32' : wanted;
  }

  private replaceByCodes(node: Node, form: CodeForm, inputs: readonly (ValueId | undefined)[]): void {
    const [output] = node.outputs;
    const { name, type } = this.graph.values.get(output)!;
    const keeps = opOf(node).quantization === 'keeps';
    const quantization = keeps ? this.scaleOf(node.inputs[0]!, form) : (this.ownScale(node, form) ?? this.scaleOf(output, form));
    this.scales.set(`${output}/${form}`, quantization);
    const code = this.editor.addValue(`${name}_${form}`, { dtype: form, shape: type.shape, quantization });
    this.codes.set(`${output}/${form}`, code);
    this.madeAs.set(output, form);
    this.editor.replaceNode(node.id, { inputs, outputs: [code] });
    this.editor.addNode({ op: dequantize.name, name: `${name}_dequantize`, inputs: [code], outputs: [output], origin: node.origin });
  }

  private ownScale(node: Node, form: CodeForm): Quantization | undefined {
    return form === 'int8' ? opOf(node).outputQuantization : undefined;
  }

  /** Scale of a value, the same for everybody who reads it. */
  private scaleOf(id: ValueId, form: CodeForm): Quantization {
    const key = `${id}/${form}`;
    let scale = this.scales.get(key);
    if (!scale) {
      const range = this.plan.ranges.get(id);
      if (!range) throw new Error(`No range for ${this.graph.values.get(id)!.name}`);
      scale = form === 'int8' ? asymmetric(range) : symmetric(range, INT16_LARGEST);
      this.scales.set(key, scale);
    }
    return scale;
  }

  /** Codes of a value: as its producer makes them, or made from its real numbers. */
  private codesOf(id: ValueId, form: CodeForm): ValueId {
    const key = `${id}/${form}`;
    let code = this.codes.get(key);
    if (code === undefined) {
      const { name, type } = this.graph.values.get(id)!;
      code = this.editor.addValue(`${name}_${form}`, { dtype: form, shape: type.shape, quantization: this.scaleOf(id, form) });
      this.codes.set(key, code);
      this.editor.addNode({ op: quantize.name, name: form === 'int8' ? `${name}_quantize` : `${name}_quantize_${form}`, inputs: [id], outputs: [code], origin: this.uses.producer.get(id)?.origin ?? [] });
    }
    return code;
  }
}

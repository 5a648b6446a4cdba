import { GraphEditor } from '../../src/engine/ir/edit';
import { constantOf, tensorOf } from '../../src/engine/ir/tensor';
import { codeRange, isFloatType } from '../../src/engine/ir/dtype';
import type { Attributes, DType, Model, Quantization, RoundingRule, StaticType, ValueId } from '../../src/engine/ir/types';
import { NodeView, ShapeError } from '../../src/engine/ops/op';
import { inferNode } from '../../src/engine/passes/infer';
import { asymmetric } from '../../src/engine/compress/quantize-int8';
import type { Random } from './random';

/** Small models of one layer for differential tests: built through the same editor and inference as real ones. */
export class ModelBuilder {
  readonly editor = new GraphEditor('random');

  constructor(readonly random: Random, readonly isQuantized: boolean, readonly rounding: RoundingRule = 'onnx-float-half-even') {}

  quantization(): Quantization {
    const low = -this.random.real(0, 4);
    return asymmetric({ min: low, max: low + this.random.real(0.1, 8) });
  }

  input(shape: readonly number[], wanted?: Quantization): ValueId {
    const quantization = this.isQuantized ? (wanted ?? this.quantization()) : undefined;
    const id = this.editor.addValue(`in${this.editor.inputs.length}`, { dtype: this.isQuantized ? 'int8' : 'float32', shape, quantization });
    this.editor.inputs.push(id);
    return id;
  }

  /** Weights with output channels first, and a bias at input scale * weight scale. */
  weights(shape: readonly number[], input: ValueId, perTensor = false): [ValueId, ValueId] {
    const channels = shape[0];
    const count = shape.reduce((a, b) => a * b, 1);
    if (!this.isQuantized) return [this.constant('float32', shape, this.random.reals(count)), this.constant('float32', [channels], this.random.reals(channels))];
    const scale = Array.from({ length: perTensor ? 1 : channels }, () => Math.fround(this.random.real(0.002, 0.05)));
    const axis = perTensor ? {} : { axis: 0 };
    const zeroPoint = scale.map(() => 0);
    const inputScale = this.editor.value(input).type.quantization!.scale[0];
    return [
      this.constant('int8', shape, this.random.codes(count, -127, 127), { scale, zeroPoint, ...axis }),
      this.constant('int32', [channels], this.random.codes(channels, -2000, 2000), { scale: scale.map((s) => Math.fround(s * inputScale)), zeroPoint, ...axis }),
    ];
  }

  constant(dtype: DType, shape: readonly number[], values: readonly number[], quantization?: Quantization): ValueId {
    const tensor = tensorOf({ dtype, shape, quantization }, values);
    return this.editor.addValue(`c${this.editor.values.size}`, tensor.type, constantOf(tensor));
  }

  /**
   * A scale at which most sums of `depth` products stay inside of the codes, as calibration would find it: from 0 up, as after
   * ReLU, or around 0. `weightScale` is what a code of the weights stands for.
   */
  outputQuantization(input: ValueId, weightScale: number, depth: number, fromZero: boolean): Quantization | undefined {
    if (!this.isQuantized) return undefined;
    const deviation = this.editor.value(input).type.quantization!.scale[0] * weightScale * 74 * 74 * Math.sqrt(depth);
    return asymmetric({ min: fromZero ? 0 : -this.random.real(1, 3) * deviation, max: this.random.real(1, 4) * deviation });
  }

  /** Adds the layer; its output gets a scale of its own unless one is given. */
  layer(op: string, inputs: readonly (ValueId | undefined)[], attributes: Attributes, quantization?: Quantization): ValueId {
    const type = { dtype: this.isQuantized ? ('int8' as const) : ('float32' as const), shape: undefined, quantization: this.isQuantized ? (quantization ?? this.quantization()) : undefined };
    const output = this.editor.addValue(`${op}_out`, type);
    const node = this.editor.addNode({ op, name: `${op}_${this.editor.mark()}`, inputs, outputs: [output], attributes });
    inferNode(this.editor, new NodeView(this.editor, node, this.rounding));
    return output;
  }

  finish(...outputs: ValueId[]): Model {
    this.editor.outputs = outputs;
    return {
      name: 'random', format: 'onnx', fileBytes: 0, producer: '', rounding: this.rounding, graph: this.editor.finish(), metadata: new Map(), opsets: new Map(),
    };
  }
}

export type Make = (b: ModelBuilder, r: Random) => ValueId;

/** A layer that fits its input: random windows that do not are drawn again. */
export function drawModel(make: Make, random: Random, isQuantized: boolean, rule: RoundingRule): Model {
  for (;;) {
    try {
      const builder = new ModelBuilder(random, isQuantized, rule);
      return builder.finish(make(builder, random));
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
    }
  }
}

/** Ranges of integers that are no codes, where the type has no -100. */
const PLAIN: Partial<Record<DType, readonly [number, number]>> = { bool: [0, 1], uint8: [0, 200] };

/** Random numbers for an input of a model. */
export function randomInput(random: Random, type: StaticType): number[] {
  const count = type.shape.reduce((a, b) => a * b, 1);
  if (isFloatType(type.dtype)) return random.reals(count);
  return type.quantization ? random.codes(count, ...codeRange(type.dtype)) : random.codes(count, ...(PLAIN[type.dtype] ?? [-100, 100]));
}

/** Bounds of a fused activation, now and then. */
export const randomClamp = (random: Random): Attributes => random.pick<Attributes>([{}, {}, { clampMin: 0 }, { clampMin: 0, clampMax: 6 }, { clampMin: -0.5, clampMax: 0.75 }]);

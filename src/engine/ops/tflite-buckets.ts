import type { TfliteImporters } from '../formats/tflite/mapping';
import { tensorOf } from '../ir/tensor';

/** TFLite operators that sort real numbers into steps, made of other ops. */
export const bucketImporters: TfliteImporters = {
  /** How many boundaries are at most the number. */
  BUCKETIZE(node) {
    node.needReal();
    const boundaries = node.numbers('boundaries') ?? [];
    const shape = node.shape(0);
    const column = node.step('reshape', [node.inputs[0]], { shape: [...shape, 1] });
    const row = node.addConstant('boundaries', tensorOf({ dtype: node.type(0).dtype, shape: [boundaries.length] }, boundaries));
    const passed = node.step('cast', [node.step('greater_equal', [column, row])], { to: 'int32' });
    node.emit('reduce', [passed], { mode: 'sum', keepDims: false, axes: [shape.length] });
  },
  /** To the nearest of 2^bits numbers between two, of which one is zero. Source: TFLite fake_quant.cc and quantization_util.h, NudgeQuantizationRange. */
  FAKE_QUANT(node) {
    node.needReal();
    const [low, high, bits] = ['min', 'max', 'numBits'].map((name) => node.number(name));
    if (!(low <= 0 && high >= 0 && low < high && bits >= 2 && bits <= 16)) node.refuse(`a range from ${low} to ${high} in ${bits} bits`);
    if (node.flag('narrowRange')) node.refuse('a narrow range, which is for weights: runtimes refuse it as well');
    const [first, last] = [0, 2 ** bits - 1];
    const scale = Math.fround(Math.fround(high - low) / (last - first));
    const zero = Math.min(last, Math.max(first, Math.floor(Math.fround(first - Math.fround(low / scale)) + 0.5)));
    const [least, most] = [Math.fround((first - zero) * scale), Math.fround((last - zero) * scale)];
    const constant = (name: string, value: number): ReturnType<typeof node.addConstant> => node.addConstant(name, tensorOf({ dtype: 'float32', shape: [] }, [value]));
    const limited = node.step('clamp', [node.inputs[0]], { clampMin: least, clampMax: most });
    const steps = node.step('mul', [node.step('sub', [limited, constant('least', least)]), constant('inverse_scale', Math.fround(1 / scale))]);
    const whole = node.step('floor', [node.step('add', [steps, constant('half', 0.5)])]);
    node.emit('add', [node.step('mul', [whole, constant('scale', scale)]), constant('from', least)]);
  },
};

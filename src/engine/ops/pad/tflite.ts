import type { TfliteMapping, TfliteNode } from '../../formats/tflite/mapping';
import { realValues, tensorOf } from '../../ir/tensor';

export const padTflite: TfliteMapping = {
  import: {
    PAD: (node) => importPad(node, 'constant', 0),
    PADV2: (node) => importPad(node, 'constant', realValues(node.constant(2) ?? node.refuse('values that vary'))[0] ?? 0),
    MIRROR_PAD: (node) => importPad(node, node.number('mode') === 0 ? 'reflect' : 'symmetric', 0),
  },
  export(node, writer) {
    const mode = node.text('mode', 'constant');
    const [begins, ends] = [node.ints('begins'), node.ints('ends')];
    if (!['constant', 'reflect', 'symmetric'].includes(mode) || [...begins, ...ends].some((pad) => pad < 0)) return writer.refuse(`padding by ${mode}`);
    const pads = writer.constant('pads', tensorOf({ dtype: 'int32', shape: [begins.length, 2] }, begins.flatMap((begin, axis) => [begin, ends[axis]])));
    if (mode !== 'constant') return writer.emit('MIRROR_PAD', [writer.inputs[0], pads], writer.outputs, { mode: mode === 'reflect' ? 0 : 1 });
    const value = (node.attributes.value as number | undefined) ?? 0;
    if (value === 0) return writer.emit('PAD', [writer.inputs[0], pads], writer.outputs);
    const { dtype, quantization } = node.type(0);
    const code = quantization ? Math.round(value / quantization.scale[0]) + quantization.zeroPoint[0] : value;
    writer.emit('PADV2', [writer.inputs[0], pads, writer.constant('value', tensorOf({ dtype, shape: [1], quantization }, [code]))], writer.outputs);
  },
};

function importPad(node: TfliteNode, mode: string, value: number): void {
  const shape = node.type(1).shape;
  const pads = node.known(1, 'pads');
  if (shape?.length !== 2 || shape[1] !== 2) node.refuse('pads that are no pairs');
  const rank = pads.length / 2;
  const side = (which: number): number[] => Array.from({ length: rank }, (_, axis) => pads[2 * axis + which]);
  node.emit('pad', [node.inputs[0]], { mode, begins: side(0), ends: side(1), value });
}

import { packedInput } from '../../codegen/element-types';
import type { Kernel } from '../../codegen/kernel';
import type { NodeView } from '../op';
import { realFunctionsHeader } from '../map';
import text from './tml_recurrent_f32.h';

/** Where the first state comes from: nowhere, the arena, or a constant. */
const originOf = (node: NodeView): 'ZERO' | 'RAM' | 'CONST' => (!node.has(5) ? 'ZERO' : node.isConstant(5) ? 'CONST' : 'RAM');

/** Both directions have the same functions. */
function functionsOf(node: NodeView): readonly string[] | undefined {
  const names = node.attributes.activations as readonly string[];
  if (node.text('direction') !== 'bidirectional') return names;
  const [first, second] = [names.slice(0, names.length / 2), names.slice(names.length / 2)];
  return first.join() === second.join() ? first : undefined;
}

export const recurrentKernel = (name: 'gru' | 'rnn', gates: number): Kernel => ({
  header: { file: 'tml_recurrent_f32.h', text, needs: [realFunctionsHeader] },
  supports: (node) =>
    [0, 1, 2].every((i) => node.type(i).dtype === 'float32') && [1, 2, 3].every((i) => !node.has(i) || node.isConstant(i)) && !node.has(4) && node.node.outputs.length === 2 && functionsOf(node) !== undefined,
  plan(node) {
    const [first, second, features] = node.staticType(0).shape;
    const batchFirst = node.flag('batchFirst');
    const [time, batch] = batchFirst ? [second, first] : [first, second];
    const hidden = node.int('hidden');
    const directions = node.text('direction') === 'bidirectional' ? 2 : 1;
    const origin = originOf(node);
    const functions = functionsOf(node)!;
    const cell = ['tml', name, ...functions.map((f) => f.toLowerCase())].join('_');
    const own = `${cell}_from_${origin.toLowerCase()}`;
    const stateIf = (condition: boolean): string => (condition ? 'TML_FIRST_STATE' : 'TML_NOTHING');
    const biases = directions * 2 * gates * hidden;
    return {
      function: own,
      params: {
        type: 'tml_recurrent_f32_params',
        members: {
          directions, batch, time, features, hidden, reverse: node.text('direction') === 'reverse' ? 1 : 0, batch_first: batchFirst ? 1 : 0, resets_after: node.flag('resetsAfter') ? 1 : 0,
          clip: (node.attributes.clip as number | undefined) ?? Infinity,
        },
      },
      inputs: origin === 'RAM' ? [0, 5] : [0],
      constants: [
        packedInput(node, 1, 'weights'), packedInput(node, 2, 'recurrent'),
        { role: 'bias', dtype: 'float32', elements: biases, make: () => node.constant(3)?.data ?? new Float32Array(biases) },
        ...(origin === 'CONST' ? [packedInput(node, 5, 'state')] : []),
      ],
      scratchBytes: 12 * hidden,
      outputs: [0, 1],
      overlaps: [],
      inputTypes: ['float', 'float'],
      outputType: 'float',
      instances: [
        { macro: `TML_${name.toUpperCase()}_CELL`, name: cell, args: functions.map((f) => `TML_CELL_${f.toUpperCase()}`), codeBytes: 0 },
        { macro: 'TML_RECURRENT_F32', name: own, args: [cell, gates, stateIf(origin === 'RAM'), stateIf(origin === 'CONST'), `TML_FROM_${origin}`], codeBytes: 0 },
      ],
      codeBytes: name === 'gru' ? 620 : 320,
    };
  },
});

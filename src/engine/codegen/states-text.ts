import { bytesOf } from '../../base/bytes';
import { typeBytes } from '../ir/dtype';
import { zeros } from '../ir/tensor';
import type { State, StaticType } from '../ir/types';
import { cComment } from './c-text';
import type { Program } from './program';

/** C that resets the memory of streaming models, and keeps it from one run to the next. */

/** Every state as it is before the first run. */
export function stateResets(program: Program, name: string): string {
  const { states, values } = program.model.graph;
  return states
    .map((state, index) => {
      const type = values.get(state.input)!.type as StaticType;
      const at = `model->arena + ${program.bufferOf.get(state.input)!.offset}`;
      const fill = fillByte(state, type);
      const comment = `/* state ${cComment(state.name)} */`;
      if (fill !== undefined) return `  memset(${at}, ${fill}, ${typeBytes(type)}); ${comment}\n`;
      return `  for (int32_t i = 0; i < ${typeBytes(type)}; i++) (${at})[i] = TML_U8(${initialName(name, index)} + i); ${comment}\n`;
    })
    .join('');
}

/** The byte that a state is made of before the first run; undefined where it is not one. */
function fillByte(state: State, type: StaticType): number | undefined {
  const bytes = initialBytes(state, type);
  return bytes.every((byte) => byte === bytes[0]) ? bytes[0] ?? 0 : undefined;
}

function initialBytes({ initial }: State, type: StaticType): Uint8Array {
  if (initial) return initial.bytes();
  const start = zeros(type);
  start.data.fill(type.quantization?.zeroPoint[0] ?? 0);
  return bytesOf(start.data);
}

const initialName = (name: string, index: number): string => `${name}_state_${index}`;

/** States that start with several values: their C arrays. */
export function initialStates(program: Program, name: string): readonly { readonly name: string; readonly comment: string; readonly bytes: Uint8Array }[] {
  const { states, values } = program.model.graph;
  return states.flatMap((state, index) => {
    const type = values.get(state.input)!.type as StaticType;
    return fillByte(state, type) === undefined ? [{ name: initialName(name, index), comment: `state ${cComment(state.name)} before the first run`, bytes: initialBytes(state, type) }] : [];
  });
}

/** What a state will hold in the next run, where it does not lie there already. */
export function stateCopies(program: Program): string {
  const { states, values } = program.model.graph;
  const moves = states.flatMap((state) => {
    const [to, from] = [program.bufferOf.get(state.input)!.offset, program.bufferOf.get(state.output)!.offset];
    return to === from ? [] : [`  memcpy(arena + ${to}, arena + ${from}, ${typeBytes(values.get(state.input)!.type as StaticType)}); /* state ${cComment(state.name)} */\n`];
  });
  return moves.length ? `\n${moves.join('')}` : '';
}

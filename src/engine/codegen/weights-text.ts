import { dtypes } from '../ir/dtype';
import { cArray, cComment, cFloat, cNumber, cWide, cWord } from './c-text';
import { GENERATED_MARK } from './generated-mark';
import type { PackedConstant } from './kernel';
import type { NamedLayer } from './named-layers';
import type { Program } from './program';
import { initialStates } from './states-text';

const formats: Partial<Record<PackedConstant['dtype'], (value: number) => string>> = { float32: cFloat, uint32: cWord, int64: cWide };

/** The file of all constants. `section`: linker section for them. */
export function weightsText(program: Program, name: string, layers: readonly NamedLayer[], section: string | undefined): string {
  const place = section === undefined ? '' : ` ${name.toUpperCase()}_SECTION`;
  const arrays = layers.flatMap(({ step, calls }) =>
    calls.flatMap((call) => call.constants).map(({ constant, name: array }) => {
      const format = formats[constant.dtype] ?? cNumber;
      return `/* ${step.index}: ${cComment(step.node.name)}, ${constant.role} */
TML_CONST ${dtypes[constant.dtype].c} ${array}[${constant.elements}]${place} = {
${cArray(constant.make(), format)}
};
`;
    }),
  );
  const states = initialStates(program, name).map((state) => `/* ${state.comment} */
TML_CONST uint8_t ${state.name}[${state.bytes.length}]${place} = {
${cArray(state.bytes, cNumber)}
};
`);
  return `/* ${GENERATED_MARK} from ${cComment(program.model.name)}: constants of all layers, in the order that the kernels read them. */
#include "${name}.h"
#include "tml_base.h"
${section === undefined ? '' : sectionMacro(name, section)}
${[...arrays, ...states].join('\n')}`;
}

/** On AVR constants lie in program memory, which has a section of its own. */
function sectionMacro(name: string, section: string): string {
  return `
#if defined(__GNUC__) && !defined(__AVR__)
#define ${name.toUpperCase()}_SECTION __attribute__((section("${section}")))
#else
#define ${name.toUpperCase()}_SECTION
#endif
`;
}

import type { Problem } from '../../base/problem';
import * as problems from './problems';
import type { ToolRun } from './run-tool';

/** `file:line:column: error: message`, the form of gcc and clang; the column is absent with some linkers' messages. */
const located = /^(.+?):(\d+):(?:\d+:)? (fatal error|error|warning): (.+)$/;
const undefinedReference = /undefined reference to [`'‘"]([^'’"]+)/;
/** GNU ld: "region `text' overflowed by 1234 bytes". */
const overflow = /region [`'‘"]([^'’"]+)['’"] overflowed by (\d+) bytes/;
/** The same without a number: "section `.bss' is not within region `data'", "will not fit in region". */
const outside = /section [`'‘"][^'’"]+['’"] (?:is not within|will not fit in) region [`'‘"]([^'’"]+)['’"]/;
const regions: Record<string, string> = { text: 'flash', FLASH: 'flash', data: 'RAM', RAM: 'RAM' };

/** A compiler's output as problems at the user's or the generated line. Paths as the compiler printed them. */
export function problemsOfCompiler(run: ToolRun, boardName: string): Problem[] {
  const found: Problem[] = [];
  const seen = new Set<string>();
  for (const line of run.stderr.split(/\r?\n/)) {
    if (seen.has(line)) continue;
    seen.add(line);
    const at = located.exec(line);
    const full = overflow.exec(line);
    const beyond = outside.exec(line);
    const missing = undefinedReference.exec(line);
    if (full) found.push(problems.imageTooLarge(boardName, regions[full[1]] ?? full[1], Number(full[2])));
    else if (beyond) found.push(problems.imageTooLarge(boardName, regions[beyond[1]] ?? beyond[1]));
    else if (at) found.push((at[3] === 'warning' ? problems.compileWarning : problems.compileError)(at[1], Number(at[2]), at[4]));
    else if (missing) {
      const file = /^(.*?\.c):/.exec(line)?.[1] ?? 'the linker';
      found.push(problems.compileError(file, undefined, `undefined reference to ${missing[1]}`));
    }
  }
  return found;
}

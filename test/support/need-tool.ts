import { currentEnvironment, findProgram } from '../../src/device/toolchains/environment';

/** Skips, and says why, where a program is not on the PATH. */
export function needTool(context: Mocha.Context, name: string): string {
  const found = findProgram(name, currentEnvironment());
  if (!found) {
    console.log(`      skipped: ${name} is not on the PATH`);
    context.skip();
  }
  return found!;
}

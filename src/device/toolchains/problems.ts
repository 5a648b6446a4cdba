import type { Fix, Problem } from '../../base/problem';
import { formatCount } from '../../base/units';
import type { ToolEnvironment } from './environment';
import { installCommand } from './install-command';
import { describeRun, type ToolRun } from './run-tool';
import type { Companion, Packages, Tool } from './tools';

function installFixes(name: string, packages: Packages, environment: ToolEnvironment): [Fix, ...Fix[]] {
  const command = installCommand(packages, environment);
  const page: Fix = { title: `Get ${name} from its makers, and put its folder on the PATH`, url: packages.url };
  return command ? [{ title: `Install ${name}`, shell: command }, page] : [page];
}

/** Code of firmware that a board has no room for: whoever has something to leave out looks for it. */
export const TOO_LARGE = 'TINYML-BUILD-TOO-LARGE';

export const toolMissing = (tool: Tool, neededFor: string, environment: ToolEnvironment): Problem => ({
  code: 'TINYML-TOOL-MISSING',
  severity: 'error',
  title: `${tool.name} is missing: ${neededFor} needs it`,
  detail: `Looked for ${tool.programs.join(', ')} in the ${formatCount(environment.pathFolders.length)} folders of the PATH.`,
  fixes: installFixes(tool.programs[0], tool.packages, environment),
});

export const companionMissing = (companion: Companion, program: string, neededFor: string, environment: ToolEnvironment): Problem => ({
  code: 'TINYML-TOOL-INCOMPLETE',
  severity: 'error',
  title: `${companion.name} is missing: ${neededFor} needs it`,
  detail: `${program} is installed, but its C library is not.`,
  fixes: installFixes(companion.name, companion.packages, environment),
});

export const toolBroken = (tool: Tool, run: ToolRun, environment: ToolEnvironment): Problem => ({
  code: 'TINYML-TOOL-BROKEN',
  severity: 'error',
  title: `${tool.programs[0]} does not run`,
  detail: describeRun(run),
  fixes: installFixes(tool.programs[0], tool.packages, environment),
});

/** None of several tools that would each do: the first one's problem, with the ways to all of them. */
export function oneOfTools(missing: readonly Problem[]): Problem {
  const [first, ...others] = missing;
  return { ...first, fixes: [...first.fixes, ...others.flatMap((problem) => problem.fixes.map((fix) => ({ ...fix, title: `Or: ${fix.title}` })))] };
}

export const compileError = (path: string, line: number | undefined, message: string): Problem => ({
  code: 'TINYML-BUILD-ERROR',
  severity: 'error',
  title: message,
  where: { path, line },
  fixes: [{ title: 'Correct the source at this line, or generate the C sources again' }],
});

export const compileWarning = (path: string, line: number | undefined, message: string): Problem => ({
  code: 'TINYML-BUILD-WARNING',
  severity: 'warning',
  title: message,
  where: { path, line },
  fixes: [{ title: 'Look at the source at this line' }],
});

export const buildFailed = (what: string, run: ToolRun): Problem => ({
  code: 'TINYML-BUILD-FAILED',
  severity: 'error',
  title: `${what} failed`,
  detail: describeRun(run),
  fixes: [{ title: 'Read the lines of the compiler above; generate the C sources again where they were edited' }],
});

/** `overflowBytes` is absent where the linker does not tell. */
export const imageTooLarge = (board: string, region: string, overflowBytes?: number): Problem => ({
  code: TOO_LARGE,
  severity: 'error',
  title: `The firmware does not fit into the ${region} of ${board}${overflowBytes === undefined ? '' : `: ${formatCount(overflowBytes)} bytes too many`}`,
  fixes: [{ title: 'Quantize the model to int8 or prune it' }, { title: 'Choose a board with more memory' }],
});

export const littleStack = (board: string, leftBytes: number): Problem => ({
  code: 'TINYML-BUILD-STACK',
  severity: 'warning',
  title: `Only ${formatCount(leftBytes)} bytes of the RAM of ${board} are left for the stack`,
  detail: 'A stack that grows into the data changes results or restarts the board.',
  fixes: [{ title: 'Choose a smaller model, or a board with more memory' }],
});

export const notAnElf = (path: string, why: string): Problem => ({
  code: 'TINYML-ELF-INVALID',
  severity: 'error',
  title: `Not a usable ELF file: ${why}`,
  where: { path },
  fixes: [{ title: 'Build the firmware again' }],
});

export const noImageBuilt = (tool: string, folder: string): Problem => ({
  code: 'TINYML-BUILD-NO-IMAGE',
  severity: 'error',
  title: `${tool} ended well, but has left no image`,
  detail: `Looked for .hex, .bin, .uf2 and .elf files in ${folder}.`,
  fixes: [{ title: 'Update the tool and the package of the board' }],
});

/** `why`: a clause. */
export const noFlasherArgs = (file: string, why: string): Problem => ({
  code: 'TINYML-BUILD-FLASHER-ARGS',
  severity: 'error',
  title: 'ESP-IDF does not say where its images go',
  detail: `${file}: ${why}.`,
  fixes: [{ title: 'Build again with ESP-IDF 5', url: 'https://docs.espressif.com/projects/esp-idf/en/stable/esp32/get-started/' }],
});

export const libraryMissing = (board: string, library: string, header: string): Problem => ({
  code: 'TINYML-BUILD-LIBRARY',
  severity: 'error',
  title: `The sensor of ${board} needs the Arduino library ${library}`,
  detail: `${header} was not found.`,
  fixes: [{ title: 'Install the library', shell: `arduino-cli lib install "${library}"` }],
});

export const packageMissing = (fqbn: string, run: ToolRun): Problem => {
  const core = fqbn.split(':').slice(0, 2).join(':');
  return {
    code: 'TINYML-BUILD-PACKAGE',
    severity: 'error',
    title: `arduino-cli has no package for this board: ${core}`,
    detail: describeRun(run),
    fixes: [{ title: 'Install the package', shell: `arduino-cli core install ${core}` }, { title: 'Packages that are not Arduino\'s own need their index first', url: 'https://docs.arduino.cc/arduino-cli/getting-started/#adding-3rd-party-cores' }],
  };
};

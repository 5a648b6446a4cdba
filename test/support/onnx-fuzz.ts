/** Reads one damaged file the way the product does, and says what went wrong besides a problem for the user. */
import { ProblemError } from '../../src/base/problem';
import { understand } from '../../src/app/model-file';
import { isas, type Isa } from '../../src/engine/codegen/kernel';
import { planProgram } from '../../src/engine/codegen/program';
import { analyze } from '../../src/engine/cost/analyze';

export interface FuzzLimits {
  /** Processor time of this process: how busy the machine is does not count. */
  readonly cpuMs: number;
  /** Bytes of array buffers and heap that may come on top of what was there. */
  readonly bytes: (fileBytes: number) => number;
}

/** Limits of the engine: see the design's hostile input figures. */
export const fuzzLimits: FuzzLimits = { cpuMs: 2000, bytes: (fileBytes) => 4 * fileBytes + 64 * 2 ** 20 };

/** Kernels of which instruction set the n-th file is planned for: all have their turn. */
export const isaOfFile = (n: number): Isa => isas[n % isas.length];

/** What went wrong, or undefined; a `Problem` is the right answer to a damaged file. */
export function readDamaged(bytes: Uint8Array, name: string, isa: Isa, limits: FuzzLimits = fuzzLimits): string | undefined {
  const start = process.cpuUsage();
  const before = process.memoryUsage();
  let wrong: string | undefined;
  try {
    const open = understand(bytes, `${name}.onnx`);
    const program = planProgram(open.lowered, isa);
    JSON.stringify(analyze({ model: open.asInFile, path: name, program, labels: [], openExtents: [], problems: open.problems }));
  } catch (error) {
    if (!(error instanceof ProblemError)) wrong = error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 4).join(' ') : String(error);
  }
  const used = process.cpuUsage(start);
  const cpuMs = (used.user + used.system) / 1000;
  const after = process.memoryUsage();
  const grown = after.arrayBuffers - before.arrayBuffers;
  if (!wrong && cpuMs > limits.cpuMs) wrong = `took ${Math.round(cpuMs)} ms of processor time`;
  if (!wrong && grown > limits.bytes(bytes.length)) wrong = `took ${grown} bytes`;
  return wrong;
}

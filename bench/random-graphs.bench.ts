// Generated C of random graphs against the reference interpreter: graphs, layers and ops that were compared, and what differed.
// On this computer with AddressSanitizer and UndefinedBehaviorSanitizer. TINYML_GRAPHS asks for another number of graphs.
import { opOf } from '../src/engine/ops/table';
import { comparePrograms } from '../test/support/compare-programs';
import { hostCompiler, HostProgram } from '../test/support/host-c';
import { Random } from '../test/support/random';
import { loweredNetwork } from '../test/support/random-network';

const GRAPHS = Number(process.env.TINYML_GRAPHS ?? 2000);
const FIRST = Number(process.env.TINYML_GRAPHS_FIRST ?? 1);
/** Graphs that one program holds. */
const TOGETHER = 50;

function main(): void {
  const compiler = hostCompiler();
  if (!compiler) return void console.log('not run: no C compiler on the PATH');
  const [ops, types, functions] = [new Set<string>(), new Map<string, number>(), new Set<string>()];
  let [layers, differences] = [0, 0];
  const start = performance.now();
  for (let from = FIRST; from < FIRST + GRAPHS; from += TOGETHER) {
    const seeds = Array.from({ length: Math.min(TOGETHER, FIRST + GRAPHS - from) }, (_, i) => from + i);
    try {
      const networks = seeds.map(loweredNetwork);
      const programs = comparePrograms(networks.map(({ model }) => model), 'c99', new Random(from), (list) => new HostProgram(list, compiler), networks.map(({ reference }) => reference));
      for (const { model, steps } of programs) {
        for (const node of model.graph.nodes) ops.add(opOf(node).name);
        for (const step of steps) functions.add(step.plan!.function);
        for (const step of steps) types.set(step.view.outputType().dtype, (types.get(step.view.outputType().dtype) ?? 0) + 1);
        layers += steps.length;
      }
    } catch (error) {
      differences++;
      console.log(`seeds ${seeds[0]} to ${seeds[seeds.length - 1]}: ${(error as Error).message.slice(0, 2000)}`);
    }
  }
  const perType = [...types].sort((a, b) => b[1] - a[1]).map(([type, count]) => `${type} ${count}`).join(', ');
  console.log(`${GRAPHS} graphs, ${layers} layers, ${ops.size} ops, ${functions.size} C functions; results: ${perType}`);
  console.log(`programs with differences: ${differences}; ${Math.round((performance.now() - start) / 1000)} s`);
  process.exitCode = differences ? 1 : 0;
}

main();

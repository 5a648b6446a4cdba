import assert from 'node:assert/strict';
import { comparePrograms } from '../../support/compare-programs';
import { HostProgram, needHostCompiler } from '../../support/host-c';
import { Random } from '../../support/random';
import { loweredNetwork } from '../../support/random-network';

/** Graphs in CI, and the first seed; bench/random-graphs.mjs asks for more. */
const GRAPHS = Number(process.env.TINYML_GRAPHS ?? 100);
const FIRST = Number(process.env.TINYML_GRAPHS_FIRST ?? 1);
/** Graphs that one program holds: compiling many at once costs less. */
const TOGETHER = 50;

describe('random graphs: generated C against the reference interpreter, under sanitizers', function () {
  this.timeout(1_200_000);

  for (let from = FIRST; from < FIRST + GRAPHS; from += TOGETHER) {
    const count = Math.min(TOGETHER, FIRST + GRAPHS - from);
    it(`seeds ${from} to ${from + count - 1}`, function () {
      const compiler = needHostCompiler(this);
      const seeds = Array.from({ length: count }, (_, i) => from + i);
      const networks = seeds.map(loweredNetwork);
      const programs = comparePrograms(networks.map(({ model }) => model), 'c99', new Random(from), (list) => new HostProgram(list, compiler), networks.map(({ reference }) => reference));
      assert.equal(programs.length, count);
    });
  }
});

import { planProgram } from '../../src/engine/codegen/program';
import { layerMakers, randomNetwork } from '../support/random-network';
it('refusals', function () {
  this.timeout(100000);
  const counts = new Map<string, number>();
  for (let seed = 1; seed < 2000; seed++) {
    let model;
    try { model = randomNetwork(seed, layerMakers[seed % layerMakers.length].name); planProgram(model, 'c99'); } catch (e) { const k = 'THROW ' + layerMakers[seed % layerMakers.length].name + ' ' + String((e as Error).stack).slice(0, 400); counts.set(k, (counts.get(k) ?? 0) + 1); continue; }
    for (const r of planProgram(model, 'c99').refusals) { const k = r.title.replace(/.*\(/, '') + r.detail; counts.set(k, (counts.get(k) ?? 0) + 1); }
  }
  for (const [k, v] of [...counts].sort((a, b) => b[1] - a[1])) console.log(v, k);
});

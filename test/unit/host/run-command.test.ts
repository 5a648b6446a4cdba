import assert from 'node:assert/strict';
import { CancelledError } from '../../../src/base/cancel';
import { ProblemError, type Problem } from '../../../src/base/problem';
import { runCommand } from '../../../src/host/commands/run-command';
import { commands, type Command } from '../../../src/host/commands/table';
import type { Services } from '../../../src/host/services';

/** Services of which a failing command needs only the display. */
function display(): { services: Services; shown: Problem[]; others: Problem[] } {
  const shown: Problem[] = [];
  const others: Problem[] = [];
  const problems = { show: (problem: Problem, more: readonly Problem[]) => (shown.push(problem), others.push(...more)) };
  return { services: { problems } as unknown as Services, shown, others };
}

const command = (run: Command['run'], needsTrust = false): Command => ({ id: 'tinyml.test', title: 'Test', needsTrust, menus: [], run });
const problem: Problem = { code: 'T-1', severity: 'error', title: 'It is so', fixes: [{ title: 'Do otherwise' }] };

describe('runCommand', () => {
  it('passes arguments and result through', async () => {
    const { services } = display();
    const sum = command(async (_services: Services, ...args: never[]) => args.length);
    assert.equal(await runCommand(sum, services, ['a', 'b'], true), 2);
  });

  it('shows a problem with the others found, and returns nothing', async () => {
    const { services, shown, others } = display();
    const failing = command(() => Promise.reject(new ProblemError(problem, [{ ...problem, code: 'T-2' }])));
    assert.equal(await runCommand(failing, services, [], true), undefined);
    assert.deepEqual([shown.map((p) => p.code), others.map((p) => p.code)], [['T-1'], ['T-2']]);
  });

  it('shows a bug of ours as such', async () => {
    const { services, shown } = display();
    await runCommand(command(() => Promise.reject(new TypeError('x is undefined'))), services, [], true);
    assert.deepEqual(shown.map((p) => p.code), ['TINYML-INTERNAL']);
  });

  it('is silent about a cancel', async () => {
    const { services, shown } = display();
    await runCommand(command(() => Promise.reject(new CancelledError())), services, [], true);
    assert.deepEqual(shown, []);
  });

  it('does not run what needs trust in an untrusted workspace, and says how to get it', async () => {
    for (const { id, title, needsTrust } of commands) {
      let ran = false;
      const { services, shown } = display();
      await runCommand({ ...command(async () => (ran = true), needsTrust), title }, services, [], false);
      assert.equal(ran, !needsTrust, id);
      assert.deepEqual(shown.map((p) => p.code), needsTrust ? ['TINYML-UNTRUSTED'] : [], id);
      if (needsTrust) assert.equal(shown[0].fixes[0].command?.id, 'workbench.trust.manage');
    }
  });

  it('lets untrusted workspaces look, and nothing that writes or runs', () => {
    const free = commands.filter(({ needsTrust }) => !needsTrust).map(({ id }) => id);
    assert.deepEqual(free, ['tinyml.openModel', 'tinyml.openArray', 'tinyml.compare', 'tinyml.compareGit', 'tinyml.setExtents', 'tinyml.stopMonitor', 'tinyml.nextDifference', 'tinyml.previousDifference', 'tinyml.chooseBoard', 'tinyml.openDevicePanel', 'tinyml.stopBoard', 'tinyml.showOutput', 'tinyml.measureAccuracy', 'tinyml.showLayer', 'tinyml.goToLayerCode', 'tinyml.goToLayerSource', ...['filterLayers', 'quickFixes', 'goToCode', 'goToSource', 'nextLayer', 'previousLayer', 'zoomIn', 'zoomOut', 'zoomAll', 'zoomSelection'].map((id) => `tinyml.inspector.${id}`)]);
  });
});

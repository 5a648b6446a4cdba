import assert from 'node:assert/strict';
import type { PortInfo } from '../../../src/device/transports/list-ports';
import { PortWatch } from '../../../src/device/transports/port-watch';

describe('watching ports', () => {
  it('tells changes alone, and a failure once until it is over', async () => {
    const looks: (readonly PortInfo[] | Error)[] = [[{ path: 'A' }], [{ path: 'A' }], new Error('no'), new Error('still no'), [{ path: 'A' }], new Error('again')];
    const watch = new PortWatch(1000, () => {
      const look = looks.shift()!;
      return look instanceof Error ? Promise.reject(look) : Promise.resolve(look);
    });
    const told: unknown[] = [];
    watch.onDidChange((ports) => told.push(ports?.map((port) => port.path)));
    watch.onDidFail((error) => told.push(String(error)));
    while (looks.length) await watch.refresh();
    assert.deepEqual(told, [['A'], 'Error: no', undefined, ['A'], 'Error: again', undefined]);
    watch.dispose();
  });

  it('one look at a time, and none after it was stopped', async () => {
    let looks = 0;
    let answer!: () => void;
    const watch = new PortWatch(1, () => (looks++, new Promise((resolve) => (answer = () => resolve([])))));
    watch.start();
    watch.start();
    const both = Promise.all([watch.refresh(), watch.refresh()]);
    assert.equal(looks, 1);
    watch.stop();
    answer();
    await both;
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(looks, 1);
    watch.start();
    assert.equal(looks, 2, 'it can be started again');
    watch.stop();
    answer();
  });
});

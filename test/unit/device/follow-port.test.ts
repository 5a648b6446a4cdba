import assert from 'node:assert/strict';
import { whereNow } from '../../../src/device/connect/follow-port';
import type { PortInfo } from '../../../src/device/transports/list-ports';

const at = (path: string, serialNumber?: string, productId = 1): PortInfo => ({ path, vendorId: 9, productId, serialNumber });

describe('where a board is now', () => {
  it('is where it was, and where it has come back', () => {
    assert.equal(whereNow('A', undefined, [at('B', 'S1')]), 'A');
    assert.equal(whereNow('A', at('A', 'S1'), [at('A', 'S1'), at('B', 'S2')]), 'A');
    assert.equal(whereNow('A', at('A', 'S1'), [at('B', 'S1')]), 'B');
    assert.equal(whereNow('A', at('A', 'S1'), [at('A', 'S2'), at('B', 'S1')]), 'B', 'another board has taken its path');
    assert.equal(whereNow('A', at('A', 'S1'), []), 'A');
  });

  it('a board without a serial number is not mistaken for another of its kind', () => {
    assert.equal(whereNow('A', at('A'), [at('B')]), 'B');
    assert.equal(whereNow('A', at('A'), [at('B'), at('C')]), 'A');
    assert.equal(whereNow('A', at('A'), [at('A', undefined, 2), at('B')]), 'A', 'its path may be its own, in the bootloader');
    assert.equal(whereNow('A', { path: 'A' }, [{ path: 'B' }]), 'A', 'ports without ids are not boards');
  });
});

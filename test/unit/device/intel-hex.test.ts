import assert from 'node:assert/strict';
import { readIntelHex, writeIntelHex } from '../../../src/device/uploaders/intel-hex';
import { random } from './random';

describe('Intel HEX', () => {
  it('writes the records of the specification', () => {
    assert.equal(writeIntelHex([{ address: 0x0100, bytes: Uint8Array.from([0x21, 0x46, 0x01, 0x36, 0x01, 0x21, 0x47, 0x01, 0x36, 0x00, 0x7e, 0xfe, 0x09, 0xd2, 0x19, 0x01]) }]),
      ':10010000214601360121470136007EFE09D2190140\n:00000001FF\n');
  });

  it('comes back, also across 64 KiB and in several segments', () => {
    const { bytes } = random(4);
    const segments = [{ address: 5, bytes: bytes(100) }, { address: 0xfff0, bytes: bytes(40) }, { address: 0x0800_0000, bytes: bytes(17) }];
    assert.deepEqual(readIntelHex(writeIntelHex(segments)), segments);
  });

  it('reads segment addresses, start records, lower case and CR LF', () => {
    const text = ':020000021000ec\r\n:0400000300003800c1\r\n:0100100041ae\r\n:00000001ff\r\n';
    assert.deepEqual(readIntelHex(text), [{ address: 0x10010, bytes: Uint8Array.of(0x41) }]);
  });

  it('names the line and the fault', () => {
    const cases: Array<[string, RegExp]> = [
      ['hello\n', /line 1: not a record/],
      [':00000001FF\n'.replace('FF', 'FE'), /line 1: wrong checksum/],
      [':0300000041\n', /line 1: the record says 3 bytes and has 0/],
      [':0100000041BE\n:0100010641B7\n', /line 2: unknown record type 6/],
      [':0100000041BE\n', /end record is missing/],
      [':0100000410EB\n:00000001FF\n', /line 1: an address record of wrong length/],
    ];
    for (const [text, fault] of cases) assert.throws(() => readIntelHex(text), fault);
  });
});

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { linkMessagesHeader } from '../../../src/device/protocol/c-header';
import committedHeader from '../../../src/device/firmware/app/tml_link_messages.h';
import { messages, reservedTypes, type MessageDescription } from '../../../src/device/protocol/messages';
import { decodePayload, encodePayload } from '../../../src/device/protocol/payload';

describe('the message table', () => {
  const all = Object.entries(messages) as Array<[string, MessageDescription]>;

  it('has each type once, none of them a byte that text begins with', () => {
    const types = [...all.map(([, m]) => m.type), ...Object.values(reservedTypes)];
    assert.equal(new Set(types).size, types.length);
    for (const type of types) assert.ok(type > 0 && type < 256 && !(type >= 0x20 && type < 0x7f) && ![9, 10, 13, 27].includes(type), String(type));
  });

  it('has a field of open length only at the end', () => {
    for (const [name, message] of all) {
      const open = Object.values(message.fields).findIndex((t) => t === 'bytes' || t === 'text');
      assert.ok(open < 0 || open === Object.keys(message.fields).length - 1, name);
    }
  });

  it('is what the C header says (UPDATE_GOLDENS=1 writes it anew)', () => {
    if (process.env.UPDATE_GOLDENS) fs.writeFileSync('src/device/firmware/app/tml_link_messages.h', linkMessagesHeader());
    else assert.equal(committedHeader, linkMessagesHeader());
  });
});

describe('payloads', () => {
  it('come back as they were', () => {
    const hello = {
      protocol: 1, maxPayload: 68, modelHash: 0xdeadbeef, arenaBytes: 1, inputBytes: 2, outputBytes: 3, clockHz: 16e6, tickHz: 16e6,
      tickKind: 0, overruns: 65535, firmware: 'f', board: '', model: 'modèle',
    };
    assert.deepEqual(decodePayload('helloReply', encodePayload('helloReply', hello)), hello);
    const result = { status: -3, ticks: 2 ** 40 + 1, bytes: Uint8Array.of(1, 2) };
    assert.deepEqual(decodePayload('result', encodePayload('result', result)), result);
    assert.deepEqual(decodePayload('log', encodePayload('log', { level: 2, text: '' })), { level: 2, text: '' });
  });

  it('are little-endian', () => assert.deepEqual([...encodePayload('readOutput', { offset: 0x01020304, length: 0x0506 })], [4, 3, 2, 1, 6, 5]));

  it('of the wrong length are refused, never guessed at', () => {
    assert.equal(decodePayload('error', new Uint8Array(0)), undefined);
    assert.equal(decodePayload('error', new Uint8Array(2)), undefined);
    assert.equal(decodePayload('result', new Uint8Array(9)), undefined);
    const hello = encodePayload('helloReply', { protocol: 1, maxPayload: 1, modelHash: 0, arenaBytes: 0, inputBytes: 0, outputBytes: 0, clockHz: 0, tickHz: 0, tickKind: 0, overruns: 0, firmware: 'abc', board: 'b', model: 'c' });
    for (let length = 0; length < hello.length; length++) assert.equal(decodePayload('helloReply', hello.subarray(0, length)), undefined);
  });
});

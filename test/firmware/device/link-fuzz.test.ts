import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { concatBytes } from '../../../src/base/bytes';
import { encodeFrame, FrameDecoder, type Frame } from '../../../src/device/protocol/framing';
import { messages, messageOfType } from '../../../src/device/protocol/messages';
import { decodePayload, encodePayload } from '../../../src/device/protocol/payload';
import { boardWith, buildFirmware, random, removeTemporaryFolders, toolsOrSkip } from './support/boards';
import { fakeInputs, fakeModelOutput } from './support/fake-model';
import { largeModel } from './support/large-model';
import { bytesOf } from '../../../src/base/bytes';

/** Sanitizers end the program with this when they find something. */
const sanitizers = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'];

describe('the C side of the link, under address and undefined behaviour sanitizers', function () {
  this.timeout(120_000);
  after(removeTemporaryFolders);
  const board = boardWith('process');

  /** What the firmware answers to bytes on its input, until that ends. */
  async function converse(context: Mocha.Context, options: Parameters<typeof buildFirmware>[2], wire: Uint8Array): Promise<Frame[]> {
    const tools = await toolsOrSkip(context, board);
    const firmware = await buildFirmware(board, tools, { ...options, extraFlags: sanitizers });
    const run = spawnSync(firmware.elf, { input: wire, maxBuffer: 1 << 28 });
    assert.equal(run.stderr.toString(), '');
    assert.equal(run.status, 0);
    const decoder = new FrameDecoder();
    const events = decoder.push(run.stdout);
    assert.equal(decoder.stats.broken + decoder.stats.textBytes + decoder.waitingBytes, 0);
    return events.flatMap((e) => (e.kind === 'frame' ? [e.frame] : []));
  }
  const request = (type: number, sequence: number, payload: Uint8Array): Uint8Array => encodeFrame({ type, sequence, payload });

  it('answers each good request among 500,000 random and damaged bytes, and nothing else', async function () {
    const { bytes, below } = random(77);
    const parts: Uint8Array[] = [];
    let total = 0;
    const inputs = fakeInputs(500);
    let asked = 0;
    while (total < 500_000 && asked < 250) {
      const input = inputs[asked];
      const damaged = request(messages.infer.type, 255, encodePayload('infer', { offset: 0, bytes: bytes(below(1200)) }));
      for (let k = 0; k <= below(4); k++) damaged[below(damaged.length)] ^= 1 + below(255);
      asked++;
      const good = request(messages.infer.type, (asked % 254) + 1, encodePayload('infer', { offset: 0, bytes: bytesOf(input) }));
      parts.push(bytes(below(3000)), damaged, Uint8Array.of(0), good);
      total = parts.reduce((n, p) => n + p.length, 0);
    }
    const answers = await converse(this, {}, concatBytes(parts));
    assert.equal(messageOfType(answers[0].type), 'helloReply');
    const results = answers.filter((f) => messageOfType(f.type) === 'result').map((f) => decodePayload('result', f.payload)!.bytes);
    assert.deepEqual(results, inputs.slice(0, asked).map((i) => bytesOf(fakeModelOutput(i))));
    assert.equal(answers.length, 1 + 2 * asked); // hello, and ack and result each: no damaged request was believed
  });

  it('refuses well-formed requests that make no sense', async function () {
    const shape = largeModel([30, 20], [10, 40]);
    const u32 = 0xffff_ffff;
    const cases: Array<[string, Uint8Array]> = [
      ['error', request(0x7f, 1, new Uint8Array(3))],
      ['error', request(messages.input.type, 2, new Uint8Array(3))],
      ['error', request(messages.input.type, 3, encodePayload('input', { offset: u32, bytes: Uint8Array.of(1) }))],
      ['error', request(messages.input.type, 4, encodePayload('input', { offset: 49, bytes: Uint8Array.of(1, 2) }))],
      ['ack', request(messages.input.type, 5, encodePayload('input', { offset: 29, bytes: new Uint8Array(21) }))],
      ['error', request(messages.infer.type, 6, encodePayload('infer', { offset: 51, bytes: new Uint8Array(0) }))],
      ['error', request(messages.readOutput.type, 7, encodePayload('readOutput', { offset: 50, length: 1 }))],
      ['error', request(messages.readOutput.type, 8, encodePayload('readOutput', { offset: u32, length: 65_535 }))],
      ['error', request(messages.readOutput.type, 9, new Uint8Array(7))],
      ['output', request(messages.readOutput.type, 10, encodePayload('readOutput', { offset: 9, length: 41 }))],
      ['ack', request(messages.restart.type, 11, new Uint8Array(0))],
    ];
    const answers = await converse(this, { model: shape.model, files: shape.files }, concatBytes(cases.map(([, wire]) => wire)));
    assert.deepEqual(answers.slice(1).map((f) => [f.sequence, messageOfType(f.type)]), cases.map(([name], i) => [i + 1, name]));
    // one stretch at a time: the first output ends at byte 10
    assert.equal(decodePayload('output', answers[10].payload)!.bytes.length, 1);
  });

  it('runs once when an infer is repeated', async function () {
    const infer = (sequence: number): Uint8Array => request(messages.infer.type, sequence, encodePayload('infer', { offset: 0, bytes: Uint8Array.of(1, 2, 3, 4, 0, 0, 0, 0) }));
    const again = (sequence: number): Uint8Array => request(messages.infer.type, sequence, encodePayload('infer', { offset: 0, bytes: new Uint8Array(0) }));
    const answers = await converse(this, {}, concatBytes([infer(1), infer(1), again(2), request(messages.hello.type, 2, new Uint8Array(0)), again(2)]));
    const names = answers.slice(1).map((f) => `${messageOfType(f.type)} ${f.sequence} ${f.type === messages.result.type ? decodePayload('result', f.payload)!.bytes.join() : ''}`.trim());
    // the second run doubles what the first one left in the arena; after hello a number counts as new
    assert.deepEqual(names, ['ack 1', 'result 1 2,4,6,8', 'result 1 2,4,6,8', 'ack 2', 'result 2 4,8,12,16', 'helloReply 2', 'ack 2', 'result 2 8,16,24,32']);
  });
});

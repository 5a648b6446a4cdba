import assert from 'node:assert/strict';
import { concatBytes, equalBytes } from '../../../src/base/bytes';
import { cobsDecode, cobsEncode } from '../../../src/device/protocol/cobs';
import { crc16 } from '../../../src/device/protocol/crc16';
import { encodeFrame, FrameDecoder, type Frame, type StreamEvent } from '../../../src/device/protocol/framing';
import { messages } from '../../../src/device/protocol/messages';
import { random } from './random';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const frame = (sequence: number, payload: Uint8Array): Frame => ({ type: messages.result.type, sequence, payload });
const frames = (events: readonly StreamEvent[]): Frame[] => events.flatMap((e) => (e.kind === 'frame' ? [e.frame] : []));
const text = (events: readonly StreamEvent[]): string => events.map((e) => (e.kind === 'text' ? new TextDecoder().decode(e.bytes) : '')).join('');

/** Every byte that went in has come out or waits, by the decoder's own counts and by its events. */
function assertNothingDropped(decoder: FrameDecoder, events: readonly StreamEvent[]): void {
  const s = decoder.stats;
  assert.equal(s.frameBytes + s.textBytes + s.brokenBytes + s.zeros + decoder.waitingBytes, s.bytes);
  const out = (kind: 'text' | 'broken'): number => events.reduce((n, e) => n + (e.kind === kind ? (e as { bytes: Uint8Array }).bytes.length : 0), 0);
  assert.equal(out('text'), s.textBytes);
  assert.equal(out('broken'), s.brokenBytes);
  assert.equal(events.filter((e) => e.kind === 'broken').length, s.broken);
}

describe('crc16', () => {
  it('has the catalogue\'s check value', () => assert.equal(crc16(ascii('123456789')), 0x29b1));
});

describe('cobs', () => {
  it('encodes the examples of the paper\'s rules', () => {
    const cases: Array<[number[], number[]]> = [
      [[], [1]],
      [[0], [1, 1]],
      [[0, 0], [1, 1, 1]],
      [[0x11, 0x22, 0, 0x33], [3, 0x11, 0x22, 2, 0x33]],
      [[0x11, 0, 0, 0], [2, 0x11, 1, 1, 1]],
    ];
    for (const [plain, coded] of cases) assert.deepEqual([...cobsEncode(Uint8Array.from(plain))], coded);
  });

  it('has no zero and comes back, for lengths around its block size', () => {
    const { bytes, below } = random(7);
    for (const length of [1, 2, 253, 254, 255, 256, 507, 508, 509, 510, 1000, 5000]) {
      for (const zeros of [0, 0.01, 0.5]) {
        const plain = bytes(length).map((b) => (below(1000) < zeros * 1000 ? 0 : b || 1));
        const coded = cobsEncode(plain);
        assert.ok(!coded.includes(0));
        assert.ok(coded.length <= length + Math.ceil(length / 254) + 1);
        assert.deepEqual(cobsDecode(coded), plain);
      }
    }
  });

  it('refuses a block that runs past the end', () => assert.equal(cobsDecode(Uint8Array.of(5, 1, 2)), undefined));
});

describe('FrameDecoder', () => {
  it('separates frames and text however the bytes are cut', () => {
    const wire = concatBytes([ascii('boot\n'), encodeFrame(frame(1, ascii('a\0b'))), ascii('x=1\n'), encodeFrame(frame(2, new Uint8Array(600))), ascii('end')]);
    for (const step of [1, 2, 3, 7, wire.length]) {
      const decoder = new FrameDecoder();
      const events: StreamEvent[] = [];
      for (let at = 0; at < wire.length; at += step) events.push(...decoder.push(wire.subarray(at, at + step)));
      assert.deepEqual(frames(events), [frame(1, ascii('a\0b')), frame(2, new Uint8Array(600))]);
      assert.equal(text(events), 'boot\nx=1\nend');
      assert.equal(decoder.stats.broken, 0);
      assertNothingDropped(decoder, events);
    }
  });

  it('shows text at once, also after a stray zero', () => {
    const decoder = new FrameDecoder();
    assert.equal(text(decoder.push(ascii('temp'))), 'temp');
    assert.equal(text(decoder.push(ascii('\0hu'))), 'hu');
    assert.deepEqual(frames(decoder.push(encodeFrame(frame(9, ascii('!'))))), [frame(9, ascii('!'))]);
  });

  it('loses at most one frame to a lost, an added or a changed byte, and counts it', () => {
    const payloads = [0, 1, 2, 3].map((i) => frame(i + 1, Uint8Array.of(i, 0, 250, i)));
    const wires = payloads.map(encodeFrame);
    const clean = concatBytes(wires);
    for (let at = 0; at < clean.length; at++) {
      const damages = [
        concatBytes([clean.subarray(0, at), clean.subarray(at + 1)]),
        concatBytes([clean.subarray(0, at), Uint8Array.of(0), clean.subarray(at)]),
        clean.map((b, i) => (i === at ? b ^ 0x41 : b)),
        clean.map((b, i) => (i === at ? 0 : b)),
      ];
      for (const damaged of damages) {
        const decoder = new FrameDecoder();
        const events = decoder.push(damaged);
        const good = frames(events);
        assert.ok(good.length >= payloads.length - 1, `${good.length} frames after damage at ${at}`);
        assert.ok(good.every((f) => payloads.some((p) => p.sequence === f.sequence && equalBytes(p.payload, f.payload))));
        assertNothingDropped(decoder, events);
      }
    }
  });

  it('keeps its memory bounded when no zero comes, and recovers', () => {
    const decoder = new FrameDecoder({ maxFrameBytes: 300 });
    const events = decoder.push(concatBytes([Uint8Array.of(0), new Uint8Array(10_000).fill(0xee)]));
    assert.ok(decoder.waitingBytes <= 300);
    events.push(...decoder.push(encodeFrame(frame(1, ascii('lost')))), ...decoder.push(encodeFrame(frame(2, ascii('kept')))));
    assert.deepEqual(frames(events).at(-1), frame(2, ascii('kept')));
    assertNothingDropped(decoder, events);
  });

  it('tells what is waiting when no more comes, and is in text behind it', () => {
    const decoder = new FrameDecoder();
    const events = [...decoder.push(encodeFrame(frame(1, ascii('whole'))).subarray(0, 7)), ...decoder.push(ascii('Guru Meditation'))];
    assert.equal(events.length, 0);
    events.push(...decoder.end(), ...decoder.push(ascii('next')), ...decoder.end());
    assert.deepEqual(events.map((event) => (event.kind === 'broken' ? event.reason : event.kind)), ['cut-off', 'text']);
    assertNothingDropped(decoder, events);
    const tiny = new FrameDecoder();
    assert.deepEqual([...tiny.push(Uint8Array.of(0, 0x41)), ...tiny.end()], [{ kind: 'text', bytes: ascii('A') }]);
  });

  it('gives a frame of a type that does not exist as broken', () => {
    const events = new FrameDecoder().push(encodeFrame({ type: 0xf0, sequence: 1, payload: ascii('?') }));
    assert.deepEqual(events.map((e) => e.kind === 'broken' && e.reason), ['unknown-type']);
  });

  it('fuzz: accepts nothing wrong among 1,000,000 random bytes, and finds each frame between them', () => {
    const { bytes, below } = random(2024);
    const decoder = new FrameDecoder({ maxFrameBytes: 2048 });
    const events: StreamEvent[] = [];
    const sent: Frame[] = [];
    while (decoder.stats.bytes < 1_000_000) {
      const sequence = (sent.length % 255) + 1;
      const good = frame(sequence, bytes(below(400)));
      sent.push(good);
      const wire = concatBytes([bytes(below(300)), Uint8Array.of(0), encodeFrame(good)]);
      for (let at = 0; at < wire.length; ) {
        const step = 1 + below(200);
        events.push(...decoder.push(wire.subarray(at, at + step)));
        at += step;
        assert.ok(decoder.waitingBytes <= 2048);
      }
    }
    assert.deepEqual(frames(events), sent);
    assertNothingDropped(decoder, events);
  });

  it('fuzz: of 3,000 frames with damaged bytes none comes out changed, and all undamaged ones come out', () => {
    const { bytes, below } = random(99);
    const decoder = new FrameDecoder({ maxFrameBytes: 4096 });
    const events: StreamEvent[] = [];
    const intact = new Map<string, number>();
    const key = (f: Frame): string => `${f.sequence}:${Buffer.from(f.payload).toString('hex')}`;
    let damagedBefore = false;
    let expected = 0;
    for (let i = 0; i < 3000; i++) {
      const good = frame((i % 255) + 1, bytes(20 + below(200)));
      const wire = encodeFrame(good);
      const damaged = i % 3 === 0;
      if (damaged) for (let k = 0; k <= below(3); k++) wire[below(wire.length)] ^= 1 + below(255);
      // the zeros around a damaged frame may be gone: the frame after it may be the one that is lost for them
      else if (!damagedBefore) expected++;
      if (!damaged) intact.set(key(good), 1);
      damagedBefore = damaged;
      events.push(...decoder.push(wire));
    }
    const found = frames(events);
    const wrong = found.filter((f) => !intact.has(key(f)));
    assert.equal(wrong.length, 0); // the odds are 1000 / 65536 at worst; the seed is fixed
    assert.ok(found.length >= expected, `${found.length} of at least ${expected}`);
    assertNothingDropped(decoder, events);
  });
});

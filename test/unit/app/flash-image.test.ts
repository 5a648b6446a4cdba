import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { flashImage } from '../../../src/app/flash-image';
import { ProblemError } from '../../../src/base/problem';
import { quietTask } from '../../../src/base/progress';
import { boards, boardsOfUsb } from '../../../src/device/boards';
import type { Board } from '../../../src/device/boards/board';
import { uploadOf } from '../../../src/device/boards/upload-of';
import { readImage } from '../../../src/device/images/read-image';
import { writeIntelHex } from '../../../src/device/uploaders/intel-hex';
import { writeUf2 } from '../../../src/device/uploaders/uf2';
import { random } from '../device/random';

const by = (wanted: (board: Board) => boolean): Board => boards.find(wanted)!;
const avr = by((b) => b.kind === 'hardware' && b.core === 'AVR8');
const esp = by((b) => uploadOf(b)?.kind === 'esp' && b.core.startsWith('RV'));
const pico = by((b) => uploadOf(b)?.kind === 'uf2');
const stm32 = by((b) => uploadOf(b)?.kind === 'mass-storage' && b.chip.startsWith('STM32'));
const code = (expected: string) => (error: unknown): boolean => {
  assert.ok(error instanceof ProblemError, error instanceof Error ? error.stack : String(error));
  assert.equal(error.problem.code, expected, error.problem.title);
  return error.problem.fixes.length > 0;
};
const read = (content: Uint8Array | string, board: Board) => readImage('/image', typeof content === 'string' ? Buffer.from(content) : content, board, uploadOf(board));

/** As much of an ELF file as its processor: one loaded segment of 16 bytes at 0. */
function elf(machine: number): Uint8Array {
  const file = Buffer.alloc(52 + 32 + 40 + 16);
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]).copy(file);
  file.writeUInt16LE(machine, 18);
  file.writeUInt32LE(52, 28); // program headers
  file.writeUInt32LE(84, 32); // section headers
  [52, 32, 1, 40, 1, 0].forEach((value, i) => file.writeUInt16LE(value, 40 + 2 * i));
  [1, 124, 0, 0, 16, 16, 5, 4].forEach((value, i) => file.writeUInt32LE(value, 52 + 4 * i));
  return file;
}

const espImage = (chipId: number): Uint8Array => {
  const image = new Uint8Array(200).fill(7);
  image.set([0xe9, 1, 2, 0x20], 0);
  image.set([chipId, 0], 12);
  return image;
};

const vectors = (stack: number, entry: number): Uint8Array => {
  const image = new Uint8Array(64);
  new DataView(image.buffer).setUint32(0, stack, true);
  new DataView(image.buffer).setUint32(4, entry, true);
  return image;
};

describe('prebuilt images', () => {
  it('are known by their content, and placed where they belong', () => {
    const bytes = random(1).bytes(100);
    assert.deepEqual(read(writeIntelHex([{ address: 0, bytes }]), avr), { format: 'hex', segments: [{ address: 0, bytes }] });
    assert.equal(read(elf(83), avr).format, 'elf');
    assert.deepEqual(read(bytes, avr).segments.map((s) => s.address), [0]);
    assert.deepEqual(read(vectors(0x20001000, 0x08000101), stm32).segments.map((s) => s.address), [0x08000000]);
    assert.equal(read(writeUf2([{ address: 0x10000000, bytes }], 0xe48bff56), pico).format, 'uf2');
    assert.deepEqual(read(espImage(5), esp).segments.map((s) => s.address), [0x10000]);
    const merged = new Uint8Array(0x10100).fill(0xff);
    merged.set(espImage(5), 0);
    merged.set([0xaa, 0x50], 0x8000);
    merged.set(espImage(5), 0x10000);
    assert.deepEqual(read(merged, esp).segments.map((s) => s.address), [0]);
  });

  it('for another chip are refused before anything is touched', () => {
    assert.throws(() => read(elf(40), avr), code('TINYML-IMAGE-OTHER-CHIP'));
    assert.throws(() => read(elf(94), stm32), code('TINYML-IMAGE-OTHER-CHIP'));
    assert.throws(() => read(espImage(9), esp), code('TINYML-IMAGE-OTHER-CHIP'));
    assert.throws(() => read(writeUf2([{ address: 0x10000000, bytes: new Uint8Array(4) }], 0xada52840), pico), code('TINYML-IMAGE-OTHER-CHIP'));
    assert.throws(() => read(writeUf2([{ address: 0x10000000, bytes: new Uint8Array(4) }], 0xe48bff56), avr), code('TINYML-IMAGE-OTHER-CHIP'));
    assert.throws(() => read(vectors(0x00001000, 0x08000101), stm32), code('TINYML-IMAGE-NO-VECTORS'));
    assert.throws(() => read(vectors(0x20001000, 0x10000101), stm32), code('TINYML-IMAGE-NO-VECTORS'));
  });

  it('that are damaged, empty or no image are refused', () => {
    assert.throws(() => read(':10000000', avr), code('TINYML-UPLOAD-IMAGE'));
    assert.throws(() => read(new Uint8Array(), avr), code('TINYML-UPLOAD-IMAGE'));
    assert.throws(() => read(random(2).bytes(100).fill(1, 0, 1), esp), code('TINYML-UPLOAD-IMAGE'));
    assert.throws(() => read(writeUf2([{ address: 0x10000000, bytes: new Uint8Array(600) }], 0xe48bff56).subarray(0, 512), pico), code('TINYML-UPLOAD-IMAGE'));
  });

  it('are the user\'s: a missing file, an unknown board, a format that a simulator cannot run', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tinyml-image-'));
    const deps = { programs: { avrSimulator: '' }, env: process.env };
    try {
      const hex = path.join(folder, 'a.hex');
      fs.writeFileSync(hex, writeIntelHex([{ address: 0, bytes: new Uint8Array(4) }]));
      await assert.rejects(flashImage({ path: path.join(folder, 'no.hex'), boardId: avr.id }, deps, quietTask), code('TINYML-FILE-MISSING'));
      await assert.rejects(flashImage({ path: hex, boardId: 'no-board' }, deps, quietTask), (error: unknown) => error instanceof ProblemError);
      await assert.rejects(flashImage({ path: hex, boardId: avr.id }, deps, quietTask), code('TINYML-CONNECT-NO-PORT'));
      await assert.rejects(flashImage({ path: hex, boardId: by((b) => b.kind === 'host').id }, deps, quietTask), code('TINYML-IMAGE-FORMAT'));
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('the catalogue of boards', () => {
  it('has at least 40 boards, each with clock, memories and their sources, and a way to flash it', () => {
    assert.ok(boards.length >= 40, String(boards.length));
    for (const board of boards.filter((b) => b.kind !== 'host')) {
      for (const figure of [board.clockHz, board.flashBytes, board.ramBytes]) assert.ok(figure && figure.value > 0 && figure.source.length > 20, board.id);
      if (board.connect.kind === 'port') assert.ok(board.connect.uploads.length > 0);
      if (board.toolchain === 'arduino') assert.ok(board.project?.fqbn || board.project?.platformio, board.id);
    }
  });

  it('has one drive for one board, and says of what is not verified which it is', () => {
    const labels = boards.flatMap((board) => (board.connect.kind === 'port' ? board.connect.uploads : []).flatMap((upload) => (upload.kind === 'mass-storage' ? upload.target.labels : [])));
    assert.equal(new Set(labels).size, labels.length, 'a label that two boards share would copy one\'s image to the other');
    for (const board of boards) for (const what of board.unverified ?? []) assert.match(what, /label|USB/, board.id);
    assert.ok(boards.some((board) => board.unverified));
  });

  it('knows boards by their USB ids, and says when several share one', () => {
    assert.deepEqual(boardsOfUsb(0x2341, 0x0043).length, 1);
    assert.ok(boardsOfUsb(0x10c4, 0xea60).length > 1);
    assert.deepEqual(boardsOfUsb(0x1234, 0x5678), []);
  });
});

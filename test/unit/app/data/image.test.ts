import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { ProblemError } from '../../../../src/base/problem';
import { fitted, loadDataset, sampleAt, type DataOptions } from '../../../../src/app/data/dataset';
import { parsePng } from '../../../../src/app/data/image/png';
import { resized, type Resizing } from '../../../../src/app/data/image/resize';
import { readSampleFile } from '../../../../src/app/data/sample-files';
import { UnreadableError } from '../../../../src/app/data/unreadable';
import { bmpFile } from '../../../support/data-files';
import { Random } from '../../../support/random';
import { root, temporaryFolder } from '../../../support/project';

interface Reference {
  readonly images: readonly { readonly name: string; readonly bytes: string; readonly width: number; readonly height: number; readonly pixels: readonly number[] }[];
  readonly resized: readonly { readonly how: Resizing; readonly width: number; readonly height: number; readonly pixels: readonly number[] }[];
}
const reference = JSON.parse(fs.readFileSync(path.join(root, 'test/unit/app/data/reference.json'), 'utf8')) as Reference;

/** The picture that reference.py draws. */
const drawn = (width: number, height: number): Float32Array =>
  Float32Array.from({ length: width * height * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    return ([x * 37 + y * 11, x * x + 3 * y, 255 - x * y][i % 3] + 256 * 16) % 256;
  });

/** A .png of any kind, its rows filtered as their number says, its passes in order where it is interlaced. */
function pngFile(width: number, height: number, depth: number, colour: number, passes: readonly (readonly Uint8Array[])[], filter: (row: number) => number, interlaced = false): Uint8Array {
  const chunk = (kind: string, body: Uint8Array): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(body.length, 0);
    head.write(kind, 4, 'latin1');
    return Buffer.concat([head, body, Buffer.alloc(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colour, 0, 0, interlaced ? 1 : 0], 8);
  const step = Math.max(1, ({ 0: 1, 2: 3, 4: 2, 6: 4 } as Record<number, number>)[colour] * (depth >> 3));
  const lines = passes.flatMap((rows) => rows.map((row, y) => {
    const above = y > 0 ? rows[y - 1] : new Uint8Array(row.length);
    const kind = filter(y);
    const stored = row.map((byte, i) => {
      const [a, b, c] = [i >= step ? row[i - step] : 0, above[i], i >= step ? above[i - step] : 0];
      const p = a + b - c;
      const nearest = [a, b, c].reduce((best, x) => (Math.abs(p - x) < Math.abs(p - best) ? x : best), a);
      return byte - [0, a, b, (a + b) >> 1, nearest][kind];
    });
    return Buffer.concat([Uint8Array.of(kind), stored]);
  }));
  return Buffer.concat([Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10), chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.concat(lines))), chunk('IEND', new Uint8Array(0))]);
}

describe('images', () => {
  let folder: string;
  before(() => (folder = temporaryFolder('images')));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, content: Uint8Array | string): string => {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
    return file;
  };
  const bytesOf = (name: string): Buffer => Buffer.from(reference.images.find((image) => image.name === name)!.bytes, 'base64');
  const detail = async (work: Promise<unknown>): Promise<string> => {
    const error = await work.then(() => assert.fail('expected a refusal'), (thrown: unknown) => thrown);
    assert.ok(error instanceof ProblemError, String(error));
    assert.equal(error.problem.code, 'TINYML-DATA');
    return error.problem.detail!;
  };

  for (const { name, bytes, width, height, pixels } of reference.images) {
    it(`${name}: the pixels that Pillow reads`, async () => {
      const sample = await readSampleFile(write(name, Buffer.from(bytes, 'base64')), { inputShape: [1, height, width, 3] });
      assert.deepEqual(sample.shape, [height, width, 3]);
      // Decoders of JPEG may round the cosine transform as they like.
      const most = name.endsWith('.jpg') ? 3 : 0;
      pixels.forEach((pixel, i) => assert.ok(Math.abs(sample.data[i] - pixel) <= most, `${i}: ${sample.data[i]}, Pillow ${pixel}`));
    });
  }

  it('.png with every filter, 16 bits, few bits, and in seven passes', () => {
    const random = new Random(3);
    const [width, height] = [11, 10];
    const bytes = Array.from({ length: height }, () => Uint8Array.from({ length: width * 3 }, () => random.int(0, 255)));
    const plain = parsePng(pngFile(width, height, 8, 2, [bytes], () => 0));
    assert.deepEqual(Array.from(plain.data), bytes.flatMap((row) => Array.from(row)));
    assert.deepEqual(parsePng(pngFile(width, height, 8, 2, [bytes], (row) => row % 5)), plain);
    const wide = bytes.map((row) => Uint8Array.from({ length: row.length * 2 }, (_, i) => (i % 2 ? 77 : row[i >> 1])));
    assert.deepEqual(parsePng(pngFile(width, height, 16, 2, [wide], (row) => 4 - (row % 5))), plain);
    const passes = [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]].map(([x, y, dx, dy]) =>
      bytes.filter((_, row) => row >= y && (row - y) % dy === 0).map((row) => Uint8Array.from(row.filter((_, i) => Math.floor(i / 3) >= x && (Math.floor(i / 3) - x) % dx === 0))));
    assert.deepEqual(parsePng(pngFile(width, height, 8, 2, passes, (row) => row % 5, true)), plain);
    const nibbles = parsePng(pngFile(3, 1, 4, 0, [[Uint8Array.of(0x0f, 0x70)]], () => 0));
    assert.deepEqual([nibbles.channels, Array.from(nibbles.data)], [1, [0, 255, 119]]);
  });

  for (const { how, width, height, pixels } of reference.resized) {
    it(`to ${width}×${height} by ${how}: as Pillow's triangle filter`, () => {
      const { data } = resized({ width: 31, height: 20, channels: 3, data: drawn(31, 20) }, width, height, how);
      pixels.forEach((pixel, i) => assert.ok(Math.abs(data[i] - pixel) < 0.01, `${i}: ${data[i]}, Pillow ${pixel}`));
    });
  }

  it('a folder of images becomes samples of the model: its size, its channels, its normalization; labels from folders', async () => {
    write('two/cat/a.png', bytesOf('rgb.png'));
    write('two/dog/a.jpg', bytesOf('baseline.jpg'));
    write('two/dog/b.pgm', bytesOf('grey.pgm'));
    write('two/.hidden/x.png', 'no image');
    const options: DataOptions = { inputShape: [1, 3, 4, 6], resize: 'stretch', mean: [127.5], std: [127.5], classNames: ['dog', 'cat'], whole: true };
    const data = fitted(await loadDataset(path.join(folder, 'two'), options), [1, 3, 4, 6], 'image', 2);
    assert.deepEqual([data.test.count, data.test.sampleShape, data.test.labels], [3, [3, 4, 6], [1, 0, 0]]);
    const values = Array.from(sampleAt(data.test, 0));
    assert.ok(Math.min(...values) >= -1 && Math.max(...values) <= 1 && Math.max(...values) > 0.5);
    const first = resized({ width: 13, height: 9, channels: 3, data: drawn(13, 9) }, 6, 4, 'stretch').data;
    assert.deepEqual(values, Array.from({ length: 72 }, (_, i) => Math.fround((first[(i % 24) * 3 + Math.floor(i / 24)] - 127.5) / 127.5)));
    const grey = await loadDataset(path.join(folder, 'two'), { ...options, inputShape: [1, 4, 6, 1] });
    assert.deepEqual(grey.test.sampleShape, [4, 6, 1]);
    write('flat/a.png', bytesOf('rgb.png'));
    write('flat/b.png', bytesOf('rgb.png'));
    const flat = await loadDataset(path.join(folder, 'flat'), { whole: true });
    assert.deepEqual([flat.test.count, flat.test.sampleShape, flat.test.labels], [2, [9, 13, 3], undefined]);
  });

  it('refuses what is no image, is cut off, or has another size, and says what was expected', async () => {
    const png = bytesOf('rgb.png');
    const read = (name: string, content: Uint8Array, options: DataOptions = {}): Promise<string> => detail(readSampleFile(write(`bad/${name}`, content), options));
    assert.match(await read('a.png', Buffer.from('<html>')), /a\.png cannot be used: it is no PNG image/);
    assert.match(await read('cut.png', png.subarray(0, png.length - 40)), /cut off|cannot be unpacked/);
    const torn = Buffer.from(png);
    torn[torn.indexOf('IDAT') + 12] ^= 0xff;
    assert.match(await read('torn.png', torn), /cannot be unpacked|needs \d+|filter/);
    assert.match(await read('cut.jpg', bytesOf('baseline.jpg').subarray(0, 300)), /cannot be decoded/);
    assert.match(await read('cut.bmp', bytesOf('rgb.bmp').subarray(0, 100)), /need more bytes than its 100/);
    assert.match(await read('cut.pgm', bytesOf('grey.pgm').subarray(0, 40)), /need more bytes|cut off/);
    assert.match(await read('other.png', png, { inputShape: [1, 96, 96, 3] }), /13×9 pixels, the model takes 96×96: let it be resized \(--resize-images stretch or crop\)/);
    assert.match(await read('norm.png', png, { mean: [1, 2] }), /2 numbers normalize its 3 channels/);
    assert.match(await read('norm.png', png, { std: [0] }), /deviation of 0/);
    write('mixed/a.png', png);
    write('mixed/sub/b.png', png);
    assert.match(await detail(loadDataset(path.join(folder, 'mixed'))), /has folders \(sub\) and, beside them, a\.png/);
    write('sizes/a.png', png);
    write('sizes/b.bmp', bmpFile(1, 1, [[5, 5, 5]]));
    assert.match(await detail(loadDataset(path.join(folder, 'sizes'))), /b\.bmp is 1×1×1, a\.png 9×13×3; samples must have one size/);
  });

  it('never ends otherwise than by a picture or by saying why, whatever the bytes', () => {
    const random = new Random(11);
    for (const { name, bytes } of reference.images.filter((image) => image.name.endsWith('.png'))) {
      for (let i = 0; i < 200; i++) {
        const damaged = Buffer.from(bytes, 'base64');
        for (let n = random.int(1, 4); n > 0; n--) damaged[random.int(0, damaged.length - 1)] = random.int(0, 255);
        try {
          parsePng(damaged.subarray(0, random.int(1, damaged.length)));
        } catch (error) {
          assert.ok(error instanceof UnreadableError, `${name}: ${String(error)}`);
        }
      }
    }
  });
});

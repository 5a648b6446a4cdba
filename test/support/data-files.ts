/** Small data files written by hand. */

export function npyFile(shape: readonly number[], values: readonly number[], descr: '<f4' | '<i4' = '<f4'): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }\n`;
  const head = [0x93, ...[...'NUMPY'].map((c) => c.charCodeAt(0)), 1, 0, header.length & 255, header.length >> 8, ...[...header].map((c) => c.charCodeAt(0))];
  const body = descr === '<f4' ? Float32Array.from(values) : Int32Array.from(values);
  return Uint8Array.from([...head, ...new Uint8Array(body.buffer)]);
}

/** 16-bit mono PCM. */
export function wavFile(samples: readonly number[], rateHz = 16000): Uint8Array {
  const file = Buffer.alloc(44 + samples.length * 2);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(36 + samples.length * 2, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rateHz, 24);
  file.writeUInt32LE(2 * rateHz, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((sample, i) => file.writeInt16LE(sample, 44 + i * 2));
  return file;
}

/** 24 bits a pixel; pixels [red, green, blue] row by row from the top. */
export function bmpFile(width: number, height: number, pixels: readonly (readonly number[])[]): Uint8Array {
  const stride = Math.ceil((width * 24) / 32) * 4;
  const file = Buffer.alloc(54 + stride * height);
  file.write('BM', 0, 'latin1');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(54, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  pixels.forEach(([red, green, blue], i) => {
    const at = 54 + (height - 1 - Math.floor(i / width)) * stride + (i % width) * 3;
    [file[at], file[at + 1], file[at + 2]] = [blue, green, red];
  });
  return file;
}

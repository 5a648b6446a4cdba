/**
 * Reads as much of an ELF file as its sizes and its flash image need: section and program headers, 32 and 64 bits,
 * little-endian. Source: System V ABI, edition 4.1, chapter 4, and the gABI for the 64-bit structures.
 */
export interface ElfSection {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly address: number;
  readonly sizeBytes: number;
}

/** A part of the file that is loaded: `loadAddress` is where it lies in flash, `address` where the program uses it. */
export interface ElfSegment {
  readonly address: number;
  readonly loadAddress: number;
  readonly bytes: Uint8Array;
  readonly memoryBytes: number;
}

export interface Elf {
  readonly sections: readonly ElfSection[];
  readonly segments: readonly ElfSegment[];
}

const SHT_NOBITS = 8;
const SHF_WRITE = 1;
const SHF_ALLOC = 2;
const SHF_EXECINSTR = 4;
const PT_LOAD = 1;

/** Throws a RangeError naming what is wrong: callers know the file's path and make it a problem. */
export function readElf(file: Uint8Array): Elf {
  const magic = [0x7f, 0x45, 0x4c, 0x46];
  if (file.length < 52 || !magic.every((byte, i) => file[i] === byte)) throw new RangeError('it does not begin as an ELF file does');
  if (file[5] !== 1) throw new RangeError('it is not little-endian');
  const wide = file[4] === 2;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const word = (at: number): number => (wide ? Number(view.getBigUint64(at, true)) : view.getUint32(at, true));
  const u16 = (at: number): number => view.getUint16(at, true);
  const header = wide ? { phoff: 32, shoff: 40, sizes: 54 } : { phoff: 28, shoff: 32, sizes: 42 };
  const table = (offsetAt: number, entryAt: number): number[] => {
    const [offset, entryBytes, count] = [word(offsetAt), u16(entryAt), u16(entryAt + 2)];
    if (offset + entryBytes * count > file.length) throw new RangeError('a header table lies past its end');
    return Array.from({ length: count }, (_, i) => offset + i * entryBytes);
  };
  const slice = (offset: number, length: number): Uint8Array => {
    if (offset + length > file.length) throw new RangeError('a section lies past its end');
    return file.subarray(offset, offset + length);
  };
  const sectionAt = table(header.shoff, header.sizes + 4);
  const field = wide ? { flags: 8, addr: 16, offset: 24, size: 32 } : { flags: 8, addr: 12, offset: 16, size: 20 };
  const namesAt = sectionAt[u16(header.sizes + 8)];
  const names = namesAt === undefined ? new Uint8Array() : slice(word(namesAt + field.offset), word(namesAt + field.size));
  const sections = sectionAt.map((at): ElfSection => ({
    name: text(names, view.getUint32(at, true)),
    type: view.getUint32(at + 4, true),
    flags: word(at + field.flags),
    address: word(at + field.addr),
    sizeBytes: word(at + field.size),
  }));
  const segment = wide ? { offset: 8, vaddr: 16, paddr: 24, filesz: 32, memsz: 40 } : { offset: 4, vaddr: 8, paddr: 12, filesz: 16, memsz: 20 };
  const segments = table(header.phoff, header.sizes)
    .filter((at) => view.getUint32(at, true) === PT_LOAD)
    .map((at): ElfSegment => ({
      address: word(at + segment.vaddr),
      loadAddress: word(at + segment.paddr),
      bytes: slice(word(at + segment.offset), word(at + segment.filesz)),
      memoryBytes: word(at + segment.memsz),
    }));
  return { sections, segments };
}

function text(bytes: Uint8Array, offset: number): string {
  const end = bytes.indexOf(0, offset);
  return String.fromCharCode(...bytes.subarray(offset, end < 0 ? bytes.length : end));
}

/** Bytes by kind. Flash holds code, constants and the initial values of data; RAM holds data and bss (not heap and stack). */
export interface FirmwareSizes {
  readonly textBytes: number;
  readonly rodataBytes: number;
  readonly dataBytes: number;
  readonly bssBytes: number;
  readonly flashBytes: number;
  readonly ramBytes: number;
}

export function elfSizes(elf: Elf): FirmwareSizes {
  const loaded = elf.sections.filter((s) => s.flags & SHF_ALLOC);
  const sum = (keep: (s: ElfSection) => boolean): number => loaded.filter(keep).reduce((n, s) => n + s.sizeBytes, 0);
  const textBytes = sum((s) => (s.flags & SHF_EXECINSTR) !== 0);
  const rodataBytes = sum((s) => !(s.flags & (SHF_EXECINSTR | SHF_WRITE)) && s.type !== SHT_NOBITS);
  const dataBytes = sum((s) => !(s.flags & SHF_EXECINSTR) && (s.flags & SHF_WRITE) !== 0 && s.type !== SHT_NOBITS);
  const bssBytes = sum((s) => !(s.flags & SHF_EXECINSTR) && s.type === SHT_NOBITS);
  return { textBytes, rodataBytes, dataBytes, bssBytes, flashBytes: textBytes + rodataBytes + dataBytes, ramBytes: dataBytes + bssBytes };
}

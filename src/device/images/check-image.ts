import { ProblemError } from '../../base/problem';
import type { Board } from '../boards/board';
import type { Upload } from '../boards/uploads';
import { readElf } from '../toolchains/elf';
import type { ImageSegment } from '../uploaders/intel-hex';
import * as problems from './problems';

/** Processors by ELF's e_machine. Source: System V ABI, registry of e_machine values. */
const machines: ReadonlyArray<{ readonly machine: number; readonly name: string; readonly core: RegExp }> = [
  { machine: 83, name: 'AVR', core: /^AVR/ },
  { machine: 40, name: 'Arm', core: /^Cortex/ },
  { machine: 94, name: 'Xtensa', core: /^Xtensa/ },
  { machine: 243, name: 'RISC-V', core: /^RV/ },
];

const nameOfMachine = (machine: number): string => machines.find((m) => m.machine === machine)?.name ?? `processor ${machine}`;

export function checkElf(path: string, content: Uint8Array, board: Board): void {
  const wanted = machines.find((m) => m.core.test(board.core));
  const { machine } = readElf(content);
  if (wanted && machine !== wanted.machine) throw new ProblemError(problems.otherProcessor(path, nameOfMachine(machine), board.name, wanted.name));
}

/** Families of UF2, by the boards' own tables: an image that says none may be for any; one that says some is not for a board without. */
export function checkUf2(path: string, familyIds: readonly number[], board: Board, upload: Upload | undefined): void {
  const wanted = upload?.kind === 'uf2' ? upload.target.familyId : board.connect.kind === 'rp2040-simulator' ? board.connect.target.familyId : undefined;
  if (familyIds.length === 0 || (wanted !== undefined && familyIds.includes(wanted))) return;
  const hex = (id: number): string => `family 0x${id.toString(16)}`;
  throw new ProblemError(problems.otherProcessor(path, familyIds.map(hex).join(', '), board.name, wanted === undefined ? 'no UF2 image' : hex(wanted)));
}

/** Chip ids of image headers. Source: Espressif, esp_app_format.h: esp_chip_id_t. The ESP8266 has none: its field is another. */
const espChipIds: Readonly<Record<string, number>> = { ESP32: 0, 'ESP32-S2': 2, 'ESP32-C3': 5, 'ESP32-S3': 9, 'ESP32-C6': 13 };
const ESP_MAGIC = 0xe9;
/** Where bootloader and application of the usual partitions begin. */
const espHeads = [0, 0x1000, 0x2000, 0x10000];

export function checkEsp(path: string, segments: readonly ImageSegment[], chip: string): void {
  const wanted = espChipIds[chip];
  if (wanted === undefined) return;
  for (const { address, bytes } of segments) {
    for (const head of espHeads) {
      const at = head - address;
      if (at < 0 || at + 24 > bytes.length || bytes[at] !== ESP_MAGIC) continue;
      const id = bytes[at + 12] | (bytes[at + 13] << 8);
      if (id === wanted) continue;
      const name = Object.entries(espChipIds).find(([, value]) => value === id)?.[0] ?? `chip id ${id}`;
      throw new ProblemError(problems.otherProcessor(path, name, chip, chip));
    }
  }
}

/** RAM and flash of Cortex-M chips lie in fixed regions. Armv7-M Architecture Reference Manual, B3.1. */
const RAM_REGION: readonly [number, number] = [0x10000000, 0x40000000];

/**
 * An image for a Cortex-M begins with its stack and its start: a stack outside of all RAM, or a start outside of the image, is
 * another chip's. Boards whose images begin with something else (a second-stage bootloader) are left out.
 */
export function checkVectors(path: string, segments: readonly ImageSegment[], board: Board): void {
  const upload = board.connect.kind === 'port' ? board.connect.uploads[0] : undefined;
  const startsWithVectors = upload?.kind === 'mass-storage' || upload?.kind === 'sam-ba';
  if (!startsWithVectors || !board.core.startsWith('Cortex-M')) return;
  const start = upload.target.startAddress;
  const first = segments.find((segment) => segment.address === start);
  if (!first || first.bytes.length < 8) throw new ProblemError(problems.noVectors(path, board.name, start));
  const view = new DataView(first.bytes.buffer, first.bytes.byteOffset);
  const [stack, entry] = [view.getUint32(0, true), view.getUint32(4, true)];
  const end = upload.target.startAddress + upload.target.applicationBytes;
  const sound = stack >= RAM_REGION[0] && stack < RAM_REGION[1] && stack % 4 === 0 && (entry & 1) === 1 && entry > start && entry < end;
  if (!sound) throw new ProblemError(problems.noVectors(path, board.name, start));
}

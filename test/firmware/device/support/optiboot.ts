import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { readIntelHex, type ImageSegment } from '../../../../src/device/uploaders/intel-hex';
import { programOrSkip, skip, temporaryFolder } from './boards';

const SOURCE = '/usr/share/arduino/hardware/arduino/avr/bootloaders/optiboot';

/**
 * The bootloader of a real Uno, built from the sources of Debian's arduino-core-avr: a test tool, no part of the product. The
 * .hex packaged there is larger than its section and runs over the end of flash; these flags make it fit.
 */
export function buildOptiboot(context: Mocha.Context): { hexFile: string; image: ImageSegment[] } {
  const gcc = programOrSkip(context, 'avr-gcc');
  const objcopy = programOrSkip(context, 'avr-objcopy');
  if (!fs.existsSync(path.join(SOURCE, 'optiboot.c'))) skip(context, `${SOURCE} is absent (Debian package arduino-core-avr)`);
  const folder = temporaryFolder();
  const elf = path.join(folder, 'optiboot.elf');
  const hexFile = path.join(folder, 'optiboot.hex');
  const flags = ['-w', '-Os', '-fno-inline-small-functions', '-fno-split-wide-types', '-mrelax', '-fno-caller-saves', '-fno-tree-scev-cprop', '-fno-move-loop-invariants'];
  const chip = ['-mmcu=atmega328p', '-DF_CPU=16000000L', '-DBAUD_RATE=115200', '-DLED_START_FLASHES=3', `-I${SOURCE}`];
  const link = ['-Wl,--section-start=.text=0x7e00', '-Wl,--section-start=.version=0x7ffe', '-Wl,--relax', '-Wl,--gc-sections', '-nostartfiles', '-nostdlib'];
  execFileSync(gcc, [...flags, ...chip, path.join(SOURCE, 'optiboot.c'), ...link, '-o', elf]);
  execFileSync(objcopy, ['-j', '.text', '-j', '.data', '-j', '.version', '--set-section-flags', '.version=alloc,load', '-O', 'ihex', elf, hexFile]);
  return { hexFile, image: readIntelHex(fs.readFileSync(hexFile, 'utf8')) };
}

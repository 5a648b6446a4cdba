import fs from 'node:fs';
import { readElf } from '../../src/device/toolchains/elf';

/** Bytes of an object file's sections whose names match. */
export const sectionBytes = (file: string, name: RegExp): number =>
  readElf(fs.readFileSync(file)).sections.filter((section) => name.test(section.name)).reduce((sum, section) => sum + section.sizeBytes, 0);

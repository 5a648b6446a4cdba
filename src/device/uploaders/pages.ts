import { ProblemError } from '../../base/problem';
import type { ImageSegment } from './intel-hex';
import * as problems from './problems';

export interface Page {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/** Which part of a chip an image may fill, and in what steps. `startAddress` is a multiple of `pageBytes`; 0 where absent. */
export interface PagedFlash {
  readonly pageBytes: number;
  /** Bytes from `startAddress` on. */
  readonly applicationBytes: number;
  readonly startAddress?: number;
}

/** Whole pages, erased where the image says nothing: a bootloader writes no less. */
export function pagesOf(image: readonly ImageSegment[], flash: PagedFlash): Page[] {
  const { pageBytes, applicationBytes, startAddress = 0 } = flash;
  const end = image.reduce((max, s) => Math.max(max, s.address + s.bytes.length), 0);
  if (end > startAddress + applicationBytes) throw new ProblemError(problems.imageTooLarge(end - startAddress, applicationBytes));
  const low = image.reduce((min, s) => Math.min(min, s.address), Infinity);
  if (low < startAddress) throw new ProblemError(problems.imageBelowStart(low, startAddress));
  const pages = new Map<number, Uint8Array>();
  for (const segment of image) {
    segment.bytes.forEach((byte, i) => {
      const at = segment.address + i;
      const address = at - (at % pageBytes);
      let page = pages.get(address);
      if (!page) pages.set(address, (page = new Uint8Array(pageBytes).fill(0xff)));
      page[at - address] = byte;
    });
  }
  return [...pages].sort(([a], [b]) => a - b).map(([address, bytes]) => ({ address, bytes }));
}

/** All pages from the start of the flash to the last used one: for bootloaders that erase in order, wherever is written. */
export function pagesWithoutGaps(image: readonly ImageSegment[], flash: PagedFlash): Page[] {
  const used = new Map(pagesOf(image, flash).map((page) => [page.address, page]));
  const last = Math.max(...used.keys(), 0);
  const pages: Page[] = [];
  for (let address = flash.startAddress ?? 0; used.size && address <= last; address += flash.pageBytes) {
    pages.push(used.get(address) ?? { address, bytes: new Uint8Array(flash.pageBytes).fill(0xff) });
  }
  return pages;
}

export const bytesOfPages = (pages: readonly Page[]): number => pages.reduce((n, page) => n + page.bytes.length, 0);

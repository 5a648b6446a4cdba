import type { ImageFormat } from '../device/images/read-image';

/** What flashing a prebuilt image is asked. */
export interface FlashImageRequest {
  /** Absolute path of a .hex, .bin, .elf or .uf2 file. */
  readonly path: string;
  readonly boardId: string;
  readonly portPath?: string;
  /** Another way of uploading than the board's usual one: a kind, or a tool's name. */
  readonly via?: string;
  /** Where a .bin file begins in flash; the start of the board's application where absent. */
  readonly address?: number;
}

export interface FlashImageReport {
  readonly schema: 'tinyml-flash-image/1';
  readonly board: string;
  readonly format: ImageFormat;
  readonly bytes: number;
  readonly from: number;
  readonly to: number;
}

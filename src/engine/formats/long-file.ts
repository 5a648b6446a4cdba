/** A file that is not read whole: too long, or mostly weights that nobody asks for. */
export interface LongFile {
  readonly fileBytes: number;
  /** Fewer bytes than asked for where the file ends before. */
  read(offset: number, length: number): Uint8Array;
}

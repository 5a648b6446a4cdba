/** What a bootloader of ours may do with the chip that it answers for. */
export interface BootloaderHost {
  readonly flash: Uint8Array;
  readonly signature: readonly [number, number, number];
  readonly pageBytes: number;
  /** First byte of the bootloader's own section: it does not overwrite itself. */
  readonly startAddress: number;
  send(bytes: Uint8Array): void;
  /** Programming has ended, or the other side does not speak this protocol: start the application. */
  leave(): void;
}

/** Feed it bytes with `next(byte)`; it ends when it has left. */
export type Bootloader = (host: BootloaderHost) => Generator<void, void, number>;

/** The chip erases and writes whole pages. */
export function writePage(host: BootloaderHost, address: number, bytes: readonly number[]): void {
  const start = address - (address % host.pageBytes);
  if (start + host.pageBytes > host.startAddress) return;
  host.flash.fill(0xff, start, start + host.pageBytes);
  host.flash.set(bytes.slice(0, host.pageBytes - (address - start)), address);
}

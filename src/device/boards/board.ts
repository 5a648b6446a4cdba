import type { FirmwarePortId } from '../firmware/ports';
import type { ToolchainId } from '../toolchains/toolchains';
import type { ToolId } from '../toolchains/tools';

/**
 * A board is data. Its id is named nowhere else (invariant 6): what differs between boards is a field here.
 */

export type BoardKind = 'host' | 'simulated' | 'hardware';

/** Instruction set that kernels are chosen for. */
export type Isa = 'c99' | 'dsp' | 'mve' | 'rv32' | 'avr';

/** A number with where it was taken from. */
export interface Sourced {
  readonly value: number;
  readonly source: string;
}

/** A USB identity a board enumerates under: a hint, as bridge chips are shared between boards. */
export interface UsbId {
  readonly vendorId: number;
  readonly productId: number;
}

/** What the STK500v1 uploader must know of a chip and its bootloader. */
export interface Stk500v1Target {
  readonly baud: number;
  /** Bytes 0x000 to 0x002 of the signature row, as the bootloader reports them. */
  readonly signature: readonly [number, number, number];
  readonly pageBytes: number;
  /** Bytes below the bootloader. */
  readonly applicationBytes: number;
}

/** How firmware reaches the board and how bytes flow afterwards. Each kind has one entry in `connect/connectors.ts`. */
export type BoardConnection =
  /** The ELF is a program of this computer: its standard streams are the link. */
  | { readonly kind: 'process' }
  /** The ELF is loaded by QEMU; `nsPerInstruction` is 2^shift of its deterministic instruction clock. */
  | { readonly kind: 'qemu'; readonly machine: string; readonly icountShift: number }
  /** A simulated AVR in a child process, flashed through its bootloader like a real one. */
  | { readonly kind: 'avr-simulator'; readonly chip: 'atmega328p'; readonly uploader: Stk500v1Target }
  /** A serial port. */
  | { readonly kind: 'serial-stk500v1'; readonly baud: number; readonly uploader: Stk500v1Target };

export interface Board {
  readonly id: string;
  readonly name: string;
  readonly kind: BoardKind;
  readonly chip: string;
  readonly core: string;
  readonly isa: Isa;
  /** Absent for the host: it has no fixed clock. */
  readonly clockHz?: Sourced;
  /** Bytes a program may use; absent where the board sets no limit worth showing (the host). */
  readonly flashBytes?: Sourced;
  readonly ramBytes?: Sourced;
  /** What compiles for this board. */
  readonly toolchain: ToolchainId;
  /** Flags that choose the chip: given when compiling and when linking. */
  readonly chipFlags: readonly string[];
  /** Start-up code, UART and clock of this board. */
  readonly port: FirmwarePortId;
  /** Programs needed to run the board, beside its toolchain. */
  readonly runTools: readonly ToolId[];
  readonly connect: BoardConnection;
  readonly usb?: readonly UsbId[];
  /** One sentence for the picker. */
  readonly description: string;
}

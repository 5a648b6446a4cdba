import type { ToolId } from '../toolchains/tools';
import type { ByteLink } from '../transports/link';

/** Ways to bring an image onto a board, as data: what each uploader must know of the chip and its bootloader. */

/** Optiboot and its kin: Uno, Nano. */
export interface Stk500v1Target {
  readonly baud: number;
  /** Bytes 0x000 to 0x002 of the signature row, as the bootloader reports them. */
  readonly signature: readonly [number, number, number];
  readonly pageBytes: number;
  /** Bytes below the bootloader. */
  readonly applicationBytes: number;
}

/** The same figures, in version 2 of the protocol: Mega. */
export type Stk500v2Target = Stk500v1Target;
/** The same figures, for bootloaders with USB of their own: Leonardo, Micro. */
export type Avr109Target = Stk500v1Target;

/** The bootloader in the ROM of Espressif chips. */
export interface EspTarget {
  /** As the chip names itself, for example ESP32-C3. */
  readonly chip: string;
  readonly baud: number;
  /** Once the chip runs our loader in its RAM. */
  readonly fastBaud: number;
}

/** The bootloader in the system memory of an STM32, by UART. */
export interface Stm32UartTarget {
  readonly baud: number;
  /** As "get id" answers. ST application note AN2606, table of bootloader device-dependent parameters. */
  readonly productId: number;
  readonly startAddress: number;
  readonly applicationBytes: number;
}

/** SAM-BA with Arduino's extensions. */
export interface SamBaTarget {
  readonly baud: number;
  readonly startAddress: number;
  readonly applicationBytes: number;
  /** Where the bootloader takes pages from: RAM that it does not use itself, or an offset into a buffer of its own. */
  readonly bufferAddress: number;
  readonly bufferBytes: number;
  readonly chipId: SamBaIdentity;
  /** The bootloader counts addresses from the start of the application instead of from 0. */
  readonly relative?: boolean;
}

/** How a bootloader is asked which chip it runs on, and with that how much else it understands. */
export type SamBaIdentity =
  /** Memory can be read and written: a register tells the chip. */
  | { readonly kind: 'register'; readonly address: number; readonly mask: number; readonly values: readonly number[] }
  /** It tells a name, and knows no memory: what is written is verified by its check sums. Several boards share a name: `usb` tells them apart. */
  | { readonly kind: 'name'; readonly name: string; readonly usb: readonly NonNullable<ByteLink['usb']>[] };

/** A drive that takes UF2 files. */
export interface Uf2Target {
  /** Of the chip. Source: microsoft/uf2, utils/uf2families.json. */
  readonly familyId: number;
  /** What "Board-ID" in the drive's INFO_UF2.TXT begins with. */
  readonly boardIds: readonly string[];
  readonly startAddress: number;
  readonly applicationBytes: number;
}

/** A drive of a debug probe that takes plain images: ST-LINK, J-Link, DAPLink. */
export interface MassStorageTarget {
  /** Labels of the drive. */
  readonly labels: readonly string[];
  readonly startAddress: number;
  readonly applicationBytes: number;
}

/** A program of the user's. Arguments are an array and stay one: `{image}`, `{port}`, `{folder}` (of the
 * images) and `{project}` are replaced within an element. */
export interface ToolTarget {
  readonly tool: ToolId;
  readonly args: readonly string[];
  readonly image: 'elf' | 'hex' | 'bin' | 'uf2';
}

/**
 * Uploaders over a serial link. `touch`: the bootloader is entered by opening the application's port at 1200 baud. `staysOnPort`:
 * a chip beside it holds the USB side, so the port is the same for bootloader and firmware.
 */
export type LinkUpload =
  | { readonly kind: 'stk500v1'; readonly target: Stk500v1Target; readonly touch?: false }
  | { readonly kind: 'stk500v2'; readonly target: Stk500v2Target; readonly touch?: false }
  | { readonly kind: 'avr109'; readonly target: Avr109Target; readonly touch: true }
  | { readonly kind: 'esp'; readonly target: EspTarget; readonly touch?: false }
  | { readonly kind: 'stm32-uart'; readonly target: Stm32UartTarget; readonly touch?: false }
  | { readonly kind: 'sam-ba'; readonly target: SamBaTarget; readonly touch: true; readonly staysOnPort?: boolean };

export type DriveUpload =
  | { readonly kind: 'uf2'; readonly target: Uf2Target; readonly touch: boolean }
  | { readonly kind: 'mass-storage'; readonly target: MassStorageTarget; readonly touch?: false };

export type ToolUpload = { readonly kind: 'tool'; readonly target: ToolTarget; readonly touch?: false };

export type Upload = LinkUpload | DriveUpload | ToolUpload;

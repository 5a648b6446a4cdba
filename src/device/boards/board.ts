import type { FirmwarePortId } from '../firmware/ports';
import type { SensorDriverId } from '../firmware/sensors';
import type { ToolchainId } from '../toolchains/toolchains';
import type { ToolId } from '../toolchains/tools';
import type { LinkUpload, Uf2Target, Upload } from './uploads';

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

/** How firmware reaches the board and how bytes flow afterwards. Each kind has one entry in `connect/connectors.ts`. */
export type BoardConnection =
  /** The ELF is a program of this computer: its standard streams are the link. */
  | { readonly kind: 'process' }
  /** The ELF is loaded by QEMU, whose clock counts instructions: each takes 2^icountShift ns. */
  | { readonly kind: 'qemu'; readonly program: QemuId; readonly machine: string; readonly icountShift: number; readonly bios?: 'none' }
  /** A simulated AVR in a child process, flashed through its bootloader like a real one. */
  | { readonly kind: 'avr-simulator'; readonly chip: SimulatedAvr; readonly upload: Extract<LinkUpload, { kind: 'stk500v1' | 'stk500v2' }> }
  /** A simulated RP2040 in a child process, given a UF2 file. */
  | { readonly kind: 'rp2040-simulator'; readonly target: Uf2Target }
  /** A board that is plugged in. Its first way of uploading is the usual one; `baud` is that of the firmware's own link. */
  | { readonly kind: 'port'; readonly baud: number; readonly uploads: readonly [Upload, ...Upload[]] };

export type QemuId = Extract<ToolId, `qemu-${string}`>;
export type SimulatedAvr = 'atmega328p' | 'atmega2560';

/** Memories and UART of a board whose firmware we build without a framework. */
export interface BareMetal {
  readonly flash: { readonly origin: number; readonly bytes: number };
  readonly ram: { readonly origin: number; readonly bytes: number };
  readonly uart: { readonly kind: 'cmsdk' | 'nrf51' | 'ns16550'; readonly address: number; readonly interrupt: number };
}

/** Where the link of an Espressif board goes: a UART behind a bridge chip, or the chip's own USB. */
export type EspConsole = 'uart' | 'usb';

/** How other build systems name the board; at least one of them does. */
export interface ProjectNames {
  /** arduino-cli: package:architecture:board, with options. */
  readonly fqbn?: string;
  readonly platformio?: { readonly platform: string; readonly board: string };
  /** ESP-IDF: the chip, as `idf.py set-target` names it. */
  readonly idf?: { readonly target: string; readonly console: EspConsole };
  /** Zephyr: what `west build -b` takes. */
  readonly zephyr?: string;
}

export type SensorKind = 'accelerometer' | 'microphone';

/** What measures on a board. A measurement has one int16 count for each channel. */
export interface BoardSensor {
  /** Names it where a board, or a revision of it, has several. */
  readonly id: string;
  readonly kind: SensorKind;
  /** What is soldered on; empty where measurements are played. */
  readonly chip: string;
  readonly driver: SensorDriverId;
  /** Measurements a second as its library sets it up; firmware tells the true rate. */
  readonly rateHz: Sourced;
  readonly channels: readonly string[];
  /** What a count times `scale` is in; empty for a share of full scale. */
  readonly unit: string;
  readonly scale: number;
}

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
  /** Where its firmware is built without a framework. */
  readonly bareMetal?: BareMetal;
  /** Where it is built by a build system with packages for many boards. */
  readonly project?: ProjectNames;
  /** Programs needed to run the board, beside its toolchain. */
  readonly runTools: readonly ToolId[];
  readonly connect: BoardConnection;
  readonly sensors?: readonly BoardSensor[];
  readonly usb?: readonly UsbId[];
  /** What its bootloader is plugged in as, where that differs. */
  readonly bootUsb?: readonly UsbId[];
  /** Where these ids are from; every board with ids has it. */
  readonly usbSource?: string;
  /** What is known from users' reports alone, as sentences: shown wherever the board is described. */
  readonly unverified?: readonly string[];
  /** One sentence for the picker. */
  readonly description: string;
}

import type { ToolId } from './tools';

/** A compiler that we call for each source. Flags that depend on the chip are the board's, on start-up code the firmware port's. */
export interface CompilerToolchain {
  readonly kind: 'compiler';
  readonly name: string;
  readonly compiler: ToolId;
  /** The linked file is a program of this computer (and is called so where programs have an ending). */
  readonly native: boolean;
  /** Images written beside the ELF: what this chip's uploaders take. */
  readonly images: readonly ('hex' | 'uf2')[];
}

/** A build system with packages for many boards: whichever of its tools is installed builds the project. */
export interface ProjectToolchain {
  readonly kind: 'project';
  readonly name: string;
}

export type Toolchain = CompilerToolchain | ProjectToolchain;

export const toolchains = {
  'host-cc': { kind: 'compiler', name: "This computer's C compiler", compiler: 'host-cc', native: true, images: [] },
  'avr-gcc': { kind: 'compiler', name: 'avr-gcc', compiler: 'avr-gcc', native: false, images: ['hex'] },
  'arm-none-eabi-gcc': { kind: 'compiler', name: 'arm-none-eabi-gcc', compiler: 'arm-none-eabi-gcc', native: false, images: [] },
  'riscv-gcc': { kind: 'compiler', name: 'riscv64-unknown-elf-gcc', compiler: 'riscv64-unknown-elf-gcc', native: false, images: [] },
  /** Whatever `Board.project` names: arduino-cli, PlatformIO, ESP-IDF, Zephyr. */
  arduino: { kind: 'project', name: 'Arduino (arduino-cli or PlatformIO), ESP-IDF or Zephyr' },
} as const satisfies Record<string, Toolchain>;

export type ToolchainId = keyof typeof toolchains;

import type { ToolId } from './tools';

/** How sources become firmware. Flags that depend on the chip are the board's, on start-up code the firmware port's. */
export interface Toolchain {
  readonly name: string;
  readonly compiler: ToolId;
  /** The linked file is a program of this computer (and is called so where programs have an ending). */
  readonly native: boolean;
  /** Images written beside the ELF: what this chip's uploaders take. */
  readonly images: readonly 'hex'[];
}

export const toolchains = {
  'host-cc': { name: "This computer's C compiler", compiler: 'host-cc', native: true, images: [] },
  'avr-gcc': { name: 'avr-gcc', compiler: 'avr-gcc', native: false, images: ['hex'] },
  'arm-none-eabi-gcc': { name: 'arm-none-eabi-gcc', compiler: 'arm-none-eabi-gcc', native: false, images: [] },
} as const satisfies Record<string, Toolchain>;

export type ToolchainId = keyof typeof toolchains;

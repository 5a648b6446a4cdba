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
  /** Key of `toolchains` table: what compiles for this board. */
  readonly toolchain: string;
  /** Key of the firmware ports table: start-up code, UART and clock of this board. */
  readonly port: string;
  /** How firmware reaches the board and how bytes flow afterwards; each kind is a table entry in `connect/`. */
  readonly connect: { readonly kind: string; readonly [option: string]: unknown };
  /** One sentence for the picker. */
  readonly description: string;
}

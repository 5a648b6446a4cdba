import type { CPU } from 'avr8js';

/**
 * The SPM instruction, which avr8js leaves out: flash that programs itself, as bootloaders need. Registers and actions:
 * ATmega328P datasheet DS40002061B, chapter 27 (table 27-3 and section 27.9.1, SPMCSR).
 */
const SPMCSR = 0x57;
/** Bits 16 up of Z in chips with more than 64 KiB. ATmega2560 datasheet DS40002211A, section 7.6.3. */
const RAMPZ = 0x5b;
const SPMEN = 0x01;
const RWWSB = 0x40;
const actions = { fillBuffer: 0x00, eraseSection: 0x02, writePage: 0x04, enableReading: 0x10 } as const;
/** SPM must follow the write of SPMCSR within four cycles. */
const WINDOW_CYCLES = 4;
/** Section 27.8: 3.7 to 4.5 ms for an erase or a write. */
const WRITE_MS = 4;

export class SelfProgramming {
  private readonly buffer: Uint8Array;
  private allowedUntil = -1;

  constructor(
    private readonly cpu: CPU,
    private readonly flash: Uint8Array,
    private readonly pageBytes: number,
    /** From here on flash can be read while it is written. */
    private readonly noReadWhileWrite: number,
    private readonly clockHz: number,
  ) {
    this.buffer = new Uint8Array(pageBytes).fill(0xff);
    cpu.writeHooks[SPMCSR] = (value) => {
      cpu.data[SPMCSR] = (cpu.data[SPMCSR] & RWWSB) | (value & ~RWWSB);
      this.allowedUntil = cpu.cycles + WINDOW_CYCLES;
      return true;
    };
  }

  /** Called before each SPM instruction is stepped over. */
  execute(): void {
    const { cpu, buffer, flash, pageBytes } = this;
    const control = cpu.data[SPMCSR];
    if (!(control & SPMEN) || cpu.cycles > this.allowedUntil) return;
    const z = (cpu.data[30] | (cpu.data[31] << 8) | (flash.length > 0x10000 ? cpu.data[RAMPZ] << 16 : 0)) % flash.length;
    const page = z - (z % pageBytes);
    const action = control & 0x1e;
    if (action === actions.eraseSection) {
      flash.fill(0xff, page, page + pageBytes);
      this.busy(page);
    } else if (action === actions.writePage) {
      for (let i = 0; i < pageBytes; i++) flash[page + i] &= buffer[i]; // writing only clears bits
      buffer.fill(0xff);
      this.busy(page);
    } else {
      if (action === actions.fillBuffer) buffer.set([cpu.data[0], cpu.data[1]], z % pageBytes & ~1);
      if (action === actions.enableReading) {
        cpu.data[SPMCSR] &= ~RWWSB;
        buffer.fill(0xff);
      }
      cpu.data[SPMCSR] &= ~0x1f; // lock bits and signature row are not simulated: done at once
    }
  }

  private busy(page: number): void {
    const { cpu } = this;
    if (page < this.noReadWhileWrite) cpu.data[SPMCSR] |= RWWSB;
    cpu.addClockEvent(() => void (cpu.data[SPMCSR] &= ~0x1f), Math.round((WRITE_MS * this.clockHz) / 1000));
  }
}

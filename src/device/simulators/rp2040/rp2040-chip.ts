import { RP2040 } from 'rp2040js';
import type { ImageSegment } from '../../uploaders/intel-hex';

/** Clock of the processor, as rp2040js starts with it and a Pico's firmware sets it. */
export const CLOCK_HZ = 125_000_000;
const NS_PER_CYCLE = 1e9 / CLOCK_HZ;
const FLASH = 0x10000000;
/** Vectors lie behind the second-stage bootloader. RP2040 datasheet, section 2.8.1.3.1. */
const VECTORS = FLASH + 0x100;
/** Received bytes that its UART holds; more would be lost. PL011, RP2040 datasheet, section 4.2.1. */
const FIFO_BYTES = 32;

/** The clock of rp2040js, which whoever runs it advances; its class is not exported. */
interface SteppedClock {
  readonly nanosToNextAlarm: number;
  tick(ns: number): void;
}

/**
 * An RP2040 with firmware in its flash. The ROM is not part of it: what the second-stage bootloader does (point VTOR at the
 * vectors, take stack and start from there) is done here, so firmware must not call ROM functions. It does not run by itself.
 */
export class Rp2040Chip {
  private readonly mcu = new RP2040();
  private readonly waitingBytes: number[] = [];

  constructor(image: readonly ImageSegment[], private readonly transmit: (byte: number) => void) {
    const { mcu } = this;
    mcu.logger = { debug() {}, info() {}, warn() {}, error() {} };
    for (const segment of image) mcu.flash.set(segment.bytes, segment.address - FLASH);
    mcu.uart[0].onByte = (byte) => this.transmit(byte);
    mcu.core.VTOR = VECTORS;
    mcu.core.SP = mcu.flashView.getUint32(VECTORS - FLASH, true);
    mcu.core.PC = mcu.flashView.getUint32(VECTORS - FLASH + 4, true) & ~1;
  }

  get cycles(): number {
    return this.mcu.core.cycles;
  }

  /** Nothing will happen until a byte comes: it sleeps, and no timer is set. */
  get idle(): boolean {
    return this.mcu.core.waiting && this.waitingBytes.length === 0 && !Number.isFinite(this.clock.nanosToNextAlarm || Infinity);
  }

  get flash(): Uint8Array {
    return this.mcu.flash;
  }

  receive(bytes: Uint8Array): void {
    this.waitingBytes.push(...bytes);
    this.feed();
  }

  /** Advances by about that many cycles of 8 ns. */
  run(cycles: number): void {
    const { core } = this.mcu;
    const end = core.cycles + cycles;
    let untilFeed = 0;
    while (core.cycles < end) {
      if (core.waiting) {
        this.feed();
        const skipped = Math.min(end - core.cycles, Math.max(1, Math.ceil((this.clock.nanosToNextAlarm || Infinity) / NS_PER_CYCLE)));
        core.cycles += skipped;
        this.clock.tick(skipped * NS_PER_CYCLE);
        if (core.waiting && this.idle) return;
        continue;
      }
      const taken = core.executeInstruction();
      this.clock.tick(taken * NS_PER_CYCLE);
      if (++untilFeed === 256) {
        untilFeed = 0;
        this.feed();
      }
    }
  }

  private get clock(): SteppedClock {
    return this.mcu.clock as unknown as SteppedClock;
  }

  /** As many as the UART holds: the line waits for the program, as with flow control. */
  private feed(): void {
    const uart = this.mcu.uart[0];
    const { itemCount } = uart['rxFIFO'] as { itemCount: number };
    for (let room = FIFO_BYTES - itemCount; room > 0 && this.waitingBytes.length; room--) uart.feedByte(this.waitingBytes.shift()!);
  }
}

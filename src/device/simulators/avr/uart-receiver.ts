import type { AVRUSART, CPU } from 'avr8js';

/**
 * Bytes on their way into UART 0: they arrive at the line's speed, whether or not the program fetches them, into two buffers
 * and the shift register, and are lost beyond that (avr8js itself has one buffer and no overrun). ATmega328P datasheet,
 * sections 20.7.1 and 20.11.2 (DOR0).
 */
const UCSR0A = 0xc0;
const UDR0 = 0xc6;
const RXC = 0x80;
const DOR = 0x08;
/** Data register empty: read only, section 20.11.2. */
const UDRE = 0x20;
const HELD_BYTES = 2;

export class UartReceiver {
  private line: Uint8Array[] = [];
  private lineAt = 0;
  private readonly held: number[] = [];
  private arriving = false;
  /** Bytes that the program lost by not fetching them in time. */
  lost = 0;

  constructor(private readonly cpu: CPU, private readonly usart: AVRUSART, private readonly cyclesPerByte: number) {
    // avr8js clears read-only flags when the register is written: a program that follows a bootloader, its transmitter on, would wait for ever
    const write = cpu.writeHooks[UCSR0A];
    cpu.writeHooks[UCSR0A] = (value, old, address, mask) => {
      const kept = cpu.data[UCSR0A] & (RXC | UDRE);
      const done = write(value, old, address, mask);
      cpu.data[UCSR0A] |= kept;
      return done;
    };
    const read = cpu.readHooks[UDR0];
    cpu.readHooks[UDR0] = (address) => {
      const value = read(address);
      cpu.data[UCSR0A] &= ~DOR;
      const next = this.held.shift();
      if (next !== undefined) usart.writeByte(next, true);
      return value;
    };
  }

  get idle(): boolean {
    return !this.arriving;
  }

  push(bytes: Uint8Array): void {
    if (bytes.length) this.line.push(bytes);
    if (!this.arriving) this.schedule();
  }

  private schedule(): void {
    const bytes = this.line[0];
    this.arriving = bytes !== undefined;
    if (!bytes) return;
    this.cpu.addClockEvent(() => {
      this.arrive(bytes[this.lineAt++]);
      if (this.lineAt === bytes.length) {
        this.line.shift();
        this.lineAt = 0;
      }
      this.schedule();
    }, this.cyclesPerByte);
  }

  private arrive(byte: number): void {
    const { cpu, usart, held } = this;
    if (!usart.rxEnable) return; // nobody listens
    if (!(cpu.data[UCSR0A] & RXC)) usart.writeByte(byte, true);
    else if (held.length < HELD_BYTES) held.push(byte);
    else {
      this.lost++;
      cpu.data[UCSR0A] |= DOR;
    }
  }
}

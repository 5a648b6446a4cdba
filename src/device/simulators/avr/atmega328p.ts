import { AVRClock, AVREEPROM, AVRIOPort, AVRTimer, AVRUSART, AVRWatchdog, avrInstruction, CPU, EEPROMMemoryBackend } from 'avr8js';
import { portBConfig, portCConfig, portDConfig, timer0Config, timer1Config, timer2Config, usart0Config, watchdogConfig } from 'avr8js';
import type { ImageSegment } from '../../uploaders/intel-hex';
import { bootloader } from './bootloader';
import { SelfProgramming } from './self-programming';
import { UartReceiver } from './uart-receiver';

/** An ATmega328P at 16 MHz on a board whose bootloader section is 512 bytes, as on an Uno. Datasheet DS40002061B. */
export const CLOCK_HZ = 16_000_000;
const FLASH_BYTES = 0x8000;
const PAGE_BYTES = 128;
const BOOT_ADDRESS = 0x7e00;
const NO_READ_WHILE_WRITE = 0x7000;
const RAM_BYTES = 2048;
const SIGNATURE = [0x1e, 0x95, 0x0f] as const;
const LINE_BAUD = 115_200;
const BITS_PER_BYTE = 10;
/** How long the bootloader waits for the next byte. */
const BOOT_CYCLES = CLOCK_HZ;

const MCUSR = 0x54;
export const resetCause = { powerOn: 1, external: 2, watchdog: 8 } as const;
const SMCR = 0x53;
const SLEEP_ENABLED = 1;
const SPM = 0x95e8;
const SLEEP = 0x9588;

export interface Atmega328pOptions {
  /** A bootloader's own image, started after each reset; without it the chip answers as a bootloader would. */
  readonly bootloaderImage?: readonly ImageSegment[];
  /** Bytes the chip sends, one call per byte or answer. */
  readonly transmit: (bytes: Uint8Array) => void;
}

/** The chip. It does not run by itself: `run` advances it. */
export class Atmega328p {
  private readonly program = new Uint16Array(FLASH_BYTES / 2).fill(0xffff);
  private readonly eeprom = new EEPROMMemoryBackend(1024);
  /** Flash as bytes; it outlives resets. */
  readonly flash = new Uint8Array(this.program.buffer);
  /** Causes of all resets so far: values of `resetCause`. */
  readonly resets: number[] = [];
  private cpu!: CPU;
  private receiver!: UartReceiver;
  private selfProgramming!: SelfProgramming;
  private pendingReset = 0;
  private sleeping = false;
  private boot: { readonly steps: Generator<void, void, number>; cyclesLeft: number } | undefined;

  constructor(private readonly options: Atmega328pOptions) {
    for (const segment of options.bootloaderImage ?? []) this.flash.set(segment.bytes, segment.address);
    this.reset(resetCause.powerOn);
  }

  /** In our own bootloader: it talks, the processor stands still. */
  get inBootloader(): boolean {
    return this.boot !== undefined;
  }

  /** Nothing will happen until a byte or a reset comes. */
  get idle(): boolean {
    return this.boot ? this.boot.cyclesLeft === Infinity : this.sleeping && this.receiver.idle && nextEventCycles(this.cpu) === Infinity;
  }

  /** Received bytes that the program lost since the last reset. */
  get lostBytes(): number {
    return this.receiver.lost;
  }

  /** A fresh processor over the same flash: `CPU.reset` of avr8js drops clock events that its peripherals count on. */
  reset(cause: number): void {
    const cpu = new CPU(this.program, RAM_BYTES);
    cpu.reset = () => void (this.pendingReset = resetCause.watchdog); // called by AVRWatchdog
    const clock = new AVRClock(cpu, CLOCK_HZ);
    new AVRWatchdog(cpu, watchdogConfig, clock);
    for (const config of [timer0Config, timer1Config, timer2Config]) new AVRTimer(cpu, config);
    for (const config of [portBConfig, portCConfig, portDConfig]) new AVRIOPort(cpu, config);
    new AVREEPROM(cpu, this.eeprom);
    const usart = new AVRUSART(cpu, usart0Config, CLOCK_HZ);
    usart.onByteTransmit = (byte) => this.options.transmit(Uint8Array.of(byte));
    this.cpu = cpu;
    this.receiver = new UartReceiver(cpu, usart, Math.round((CLOCK_HZ * BITS_PER_BYTE) / LINE_BAUD));
    this.selfProgramming = new SelfProgramming(cpu, this.flash, PAGE_BYTES, NO_READ_WHILE_WRITE, CLOCK_HZ);
    cpu.data[MCUSR] = cause;
    this.resets.push(cause);
    this.pendingReset = 0;
    this.sleeping = false;
    this.boot = undefined;
    if (this.options.bootloaderImage) cpu.pc = BOOT_ADDRESS / 2;
    else if (cause === resetCause.external || this.program[0] === 0xffff) this.enterBootloader();
  }

  receive(bytes: Uint8Array): void {
    let at = 0;
    while (this.boot && at < bytes.length) {
      if (this.boot.cyclesLeft !== Infinity) this.boot.cyclesLeft = BOOT_CYCLES;
      this.boot.steps.next(bytes[at++]);
    }
    this.receiver.push(bytes.slice(at));
  }

  /** Advances by about that many cycles of 1/16 MHz. */
  run(cycles: number): void {
    if (this.boot) {
      this.boot.cyclesLeft -= cycles;
      if (this.boot.cyclesLeft <= 0) this.boot = undefined;
      return;
    }
    let { cpu } = this;
    let end = cpu.cycles + cycles;
    const { program } = this;
    while (cpu.cycles < end) {
      if (this.sleeping) {
        cpu.cycles = Math.max(cpu.cycles, Math.min(nextEventCycles(cpu), end));
      } else {
        const opcode = program[cpu.pc];
        if (opcode === SPM) this.selfProgramming.execute();
        this.sleeping = opcode === SLEEP && (cpu.data[SMCR] & SLEEP_ENABLED) !== 0;
        avrInstruction(cpu); // steps over SPM and SLEEP, which avr8js leaves out
      }
      const { pc } = cpu;
      cpu.tick();
      if (cpu.pc !== pc) this.sleeping = false; // an interrupt
      if (this.pendingReset) {
        const left = end - cpu.cycles;
        this.reset(this.pendingReset);
        if (this.boot) return;
        cpu = this.cpu;
        end = cpu.cycles + left;
      }
      if (cpu.pc >= program.length) cpu.pc = 0; // erased flash runs round
    }
  }

  private enterBootloader(): void {
    const leave = (): void => void (this.boot = undefined);
    const { flash, options } = this;
    const steps = bootloader({ flash, signature: SIGNATURE, pageBytes: PAGE_BYTES, startAddress: BOOT_ADDRESS, send: options.transmit, leave });
    steps.next(); // up to its first wish for a byte
    this.boot = { steps, cyclesLeft: this.program[0] === 0xffff ? Infinity : BOOT_CYCLES };
  }
}

/** When the next peripheral event is due; avr8js keeps its list to itself. */
function nextEventCycles(cpu: CPU): number {
  return (cpu as unknown as { nextClockEvent: { cycles: number } | null }).nextClockEvent?.cycles ?? Infinity;
}

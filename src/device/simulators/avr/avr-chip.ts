import { AVRClock, AVREEPROM, AVRIOPort, AVRTimer, AVRUSART, AVRWatchdog, avrInstruction, CPU, EEPROMMemoryBackend } from 'avr8js';
import type { ImageSegment } from '../../uploaders/intel-hex';
import type { AvrChipDescription } from './chips';
import { SelfProgramming } from './self-programming';
import { UartReceiver } from './uart-receiver';

/** An AVR chip at 16 MHz on a board with a bootloader. */
export const CLOCK_HZ = 16_000_000;
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

export interface AvrChipOptions {
  readonly chip: AvrChipDescription;
  /** A bootloader's own image, started after each reset; without it the chip answers as a bootloader would. */
  readonly bootloaderImage?: readonly ImageSegment[];
  /** Bytes the chip sends, one call per byte or answer. */
  readonly transmit: (bytes: Uint8Array) => void;
}

/** The chip. It does not run by itself: `run` advances it. */
export class AvrChip {
  private readonly program: Uint16Array<ArrayBuffer>;
  private readonly eeprom: EEPROMMemoryBackend;
  /** Flash as bytes; it outlives resets. */
  readonly flash: Uint8Array;
  /** Causes of all resets so far: values of `resetCause`. */
  readonly resets: number[] = [];
  private cpu!: CPU;
  private receiver!: UartReceiver;
  private selfProgramming!: SelfProgramming;
  private pendingReset = 0;
  private sleeping = false;
  private boot: { readonly steps: Generator<void, void, number>; cyclesLeft: number } | undefined;

  constructor(private readonly options: AvrChipOptions) {
    const { chip } = options;
    this.program = new Uint16Array(chip.flashBytes / 2).fill(0xffff);
    this.flash = new Uint8Array(this.program.buffer);
    this.eeprom = new EEPROMMemoryBackend(chip.eepromBytes);
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
    const { chip } = this.options;
    const cpu = new CPU(this.program, chip.dataBytes);
    cpu.reset = () => void (this.pendingReset = resetCause.watchdog); // called by AVRWatchdog
    const clock = new AVRClock(cpu, CLOCK_HZ);
    new AVRWatchdog(cpu, chip.watchdog, clock);
    for (const config of chip.timers) new AVRTimer(cpu, config);
    for (const config of chip.ports) new AVRIOPort(cpu, config);
    new AVREEPROM(cpu, this.eeprom, chip.eeprom);
    const usart = new AVRUSART(cpu, chip.usart, CLOCK_HZ);
    usart.onByteTransmit = (byte) => this.options.transmit(Uint8Array.of(byte));
    this.cpu = cpu;
    this.receiver = new UartReceiver(cpu, usart, Math.round((CLOCK_HZ * BITS_PER_BYTE) / LINE_BAUD));
    this.selfProgramming = new SelfProgramming(cpu, this.flash, chip.pageBytes, chip.noReadWhileWrite, CLOCK_HZ);
    cpu.data[MCUSR] = cause;
    this.resets.push(cause);
    this.pendingReset = 0;
    this.sleeping = false;
    this.boot = undefined;
    if (this.options.bootloaderImage) cpu.pc = chip.bootAddress / 2;
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
    const { signature, pageBytes, bootAddress: startAddress, bootloader } = options.chip;
    const steps = bootloader({ flash, signature, pageBytes, startAddress, send: options.transmit, leave });
    steps.next(); // up to its first wish for a byte
    this.boot = { steps, cyclesLeft: this.program[0] === 0xffff ? Infinity : BOOT_CYCLES };
  }
}

/** When the next peripheral event is due; avr8js keeps its list to itself. */
function nextEventCycles(cpu: CPU): number {
  return (cpu as unknown as { nextClockEvent: { cycles: number } | null }).nextClockEvent?.cycles ?? Infinity;
}

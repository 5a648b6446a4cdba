import { concatBytes } from '../../../base/bytes';
import type { SimulatedAvr } from '../../boards/board';
import type { ImageSegment } from '../../uploaders/intel-hex';
import { AvrChip, CLOCK_HZ, resetCause } from './avr-chip';
import { avrChips } from './chips';

export interface SimulatedBoardOptions {
  /** Where absent, that of an Uno. */
  readonly chip?: SimulatedAvr;
  readonly bootloaderImage?: readonly ImageSegment[];
  /** As fast as this computer can; otherwise in real time. A bootloader always runs in real time: its patience is a second. */
  readonly flatOut?: boolean;
  /** What the board sends on its serial line. */
  readonly send: (bytes: Uint8Array) => void;
}

/** Longest stretch of simulated time in one go: the event loop gets its turn in between. */
const SLICE_CYCLES = CLOCK_HZ / 50;
/** A computer that cannot keep up falls behind by at most this; time then passes more slowly for the board. */
const MAX_LAG_CYCLES = CLOCK_HZ / 4;

/** A chip with a clock, a serial line and the reset circuit of an Uno or Mega: DTR going low (asserted) resets it. */
export class SimulatedBoard {
  readonly chip: AvrChip;
  private readonly sent: Uint8Array[] = [];
  private dtr = false;
  private timer: NodeJS.Timeout | NodeJS.Immediate | undefined;
  private last = 0;
  private stopped = false;

  constructor(private readonly options: SimulatedBoardOptions) {
    this.chip = new AvrChip({ chip: avrChips[options.chip ?? 'atmega328p'], bootloaderImage: options.bootloaderImage, transmit: (bytes) => this.sent.push(bytes) });
    this.wake();
  }

  receive(bytes: Uint8Array): void {
    this.chip.receive(bytes);
    this.flush();
    this.wake();
  }

  setSignals(signals: { readonly dtr: boolean }): void {
    if (signals.dtr && !this.dtr) {
      this.chip.reset(resetCause.external);
      this.flush();
      this.wake();
    }
    this.dtr = signals.dtr;
  }

  stop(): void {
    this.stopped = true;
    this.cancelTurn();
  }

  /** A chip that sleeps with nothing to come costs nothing: turns end until a byte or a reset comes. */
  private wake(): void {
    if (this.timer !== undefined || this.stopped) return;
    this.last = performance.now();
    this.schedule();
  }

  private schedule(): void {
    const turn = (): void => {
      this.timer = undefined;
      this.turn();
      if (!this.stopped && !this.chip.idle) this.schedule();
    };
    this.timer = this.inRealTime ? setTimeout(turn, 1) : setImmediate(turn);
  }

  private get inRealTime(): boolean {
    return !this.options.flatOut || this.chip.inBootloader;
  }

  private turn(): void {
    const now = performance.now();
    let due = this.inRealTime ? Math.min(((now - this.last) * CLOCK_HZ) / 1000, MAX_LAG_CYCLES) : SLICE_CYCLES;
    this.last = now;
    if (due > SLICE_CYCLES) {
      this.last -= ((due - SLICE_CYCLES) / CLOCK_HZ) * 1000;
      due = SLICE_CYCLES;
    }
    this.chip.run(due);
    this.flush();
  }

  private flush(): void {
    if (this.sent.length) this.options.send(concatBytes(this.sent.splice(0)));
  }

  private cancelTurn(): void {
    clearTimeout(this.timer as NodeJS.Timeout);
    clearImmediate(this.timer as NodeJS.Immediate);
    this.timer = undefined;
  }
}

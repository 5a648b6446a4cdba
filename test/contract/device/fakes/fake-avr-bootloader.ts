import { bootloaderStk500v1 } from '../../../../src/device/simulators/avr/bootloader-stk500v1';
import { bootloaderStk500v2 } from '../../../../src/device/simulators/avr/bootloader-stk500v2';
import type { FakeDevice, Send } from './fake-device';

/** The bootloaders of the simulated Uno and Mega, which avrdude accepts, without the chips around them. DTR resets. */
export class FakeAvrBootloader implements FakeDevice {
  started = false;
  private readonly memory: Uint8Array;
  private steps: Generator<void, void, number> | undefined;
  private dtr = false;

  constructor(private readonly send: Send, private readonly version: 1 | 2, private readonly signature: [number, number, number], private readonly flashBytes: number, private readonly pageBytes: number) {
    this.memory = new Uint8Array(flashBytes).fill(0xff);
  }

  get flash(): ReadonlyMap<number, number> {
    return new Map([...this.memory.entries()].filter(([, byte]) => byte !== 0xff));
  }

  signals({ dtr }: { readonly dtr: boolean }): void {
    if (dtr && !this.dtr) {
      const bootloader = this.version === 1 ? bootloaderStk500v1 : bootloaderStk500v2;
      this.steps = bootloader({ flash: this.memory, signature: this.signature, pageBytes: this.pageBytes, startAddress: this.flashBytes, send: this.send, leave: () => this.leave() });
      this.steps.next();
    }
    this.dtr = dtr;
  }

  receive(bytes: Uint8Array): void {
    for (const byte of bytes) this.steps?.next(byte);
  }

  private leave(): void {
    this.started = true;
    this.steps = undefined;
  }
}

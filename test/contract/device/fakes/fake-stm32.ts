import { ConversationDevice, FakeFlash, take, type Conversation, type FakeDevice, type Send } from './fake-device';

const ACK = 0x79;
const NACK = 0x1f;
const COMMANDS = [0x00, 0x01, 0x02, 0x11, 0x21, 0x31, 0x44, 0x63, 0x73, 0x82, 0x92];
const FLASH = 0x08000000;
/** Sectors of an STM32F40x. Reference manual RM0090, table 5. */
const sectorAt = (index: number): [number, number] => {
  const start = index < 4 ? index * 0x4000 : index === 4 ? 0x10000 : (index - 4) * 0x20000;
  return [start, start + (index < 4 ? 0x4000 : index === 4 ? 0x10000 : 0x20000)];
};

/** The bootloader in the system memory of an STM32 (ST application note AN3155), complete enough for `stm32flash`. */
export class FakeStm32 implements FakeDevice {
  started = false;
  private readonly memory = new FakeFlash();
  private readonly device: ConversationDevice;

  constructor(send: Send, private readonly productId = 0x413) {
    this.device = new ConversationDevice(() => this.talk((...bytes) => send(Uint8Array.from(bytes))));
  }

  get flash(): ReadonlyMap<number, number> {
    return this.memory.bytes;
  }

  receive(bytes: Uint8Array): void {
    this.device.receive(bytes);
  }

  private *talk(send: (...bytes: number[]) => void): Conversation {
    let synchronised = false;
    for (;;) {
      const command = yield;
      if (!synchronised) {
        synchronised = command === 0x7f;
        if (synchronised) send(ACK);
        continue;
      }
      if (command === 0x7f) {
        send(NACK);
        continue;
      }
      if ((command ^ (yield)) !== 0xff || !COMMANDS.includes(command)) {
        send(NACK);
        continue;
      }
      send(ACK);
      if (command === 0x00) send(COMMANDS.length, 0x31, ...COMMANDS, ACK);
      else if (command === 0x01) send(0x31, 0, 0, ACK);
      else if (command === 0x02) send(1, this.productId >> 8, this.productId & 0xff, ACK);
      else if (command === 0x44) yield* this.erase(send);
      else if (command === 0x11 || command === 0x31 || command === 0x21) {
        const address = yield* this.address(send);
        if (address === undefined) continue;
        if (command === 0x11) {
          const [count] = yield* take(2);
          send(ACK, ...this.memory.read(address, count + 1));
        } else if (command === 0x31) {
          const count = (yield) + 1;
          const data = yield* take(count + 1);
          if (data.reduce((a, b) => a ^ b, count - 1) !== 0) send(NACK);
          else {
            this.memory.write(address, data.slice(0, -1));
            send(ACK);
          }
        } else {
          this.started = true;
          synchronised = false;
        }
      }
    }
  }

  private *address(send: (...bytes: number[]) => void): Generator<void, number | undefined, number> {
    const bytes = yield* take(5);
    const sound = bytes.reduce((a, b) => a ^ b, 0) === 0;
    send(sound ? ACK : NACK);
    return sound ? ((bytes[0] << 24) | (bytes[1] << 16) | (bytes[2] << 8) | bytes[3]) >>> 0 : undefined;
  }

  private *erase(send: (...bytes: number[]) => void): Generator<void, void, number> {
    const [high, low] = yield* take(2);
    const count = (high << 8) | low;
    if (count >= 0xfff0) {
      yield* take(1);
      this.memory.erase();
    } else {
      const pages = yield* take(2 * (count + 1) + 1);
      for (let i = 0; i <= count; i++) {
        const [from, to] = sectorAt((pages[2 * i] << 8) | pages[2 * i + 1]);
        this.memory.erase(FLASH + from, FLASH + to);
      }
    }
    send(ACK);
  }
}

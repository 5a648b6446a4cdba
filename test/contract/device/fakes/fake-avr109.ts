import { ConversationDevice, FakeFlash, take, type Conversation, type FakeDevice, type Send } from './fake-device';

const CR = 0x0d;
const code = (text: string): number => text.charCodeAt(0);

/**
 * A bootloader by Atmel's application note AVR109 as Caterina has it, complete enough for `avrdude -c avr109` (which asks for
 * versions, device codes, fuses and lock bits as well).
 */
export class FakeAvr109 implements FakeDevice {
  started = false;
  private readonly memory = new FakeFlash();
  private readonly device: ConversationDevice;

  constructor(send: Send, private readonly signature: readonly number[] = [0x1e, 0x95, 0x87]) {
    this.device = new ConversationDevice(() => this.talk((...bytes) => send(Uint8Array.from(bytes))));
  }

  get flash(): ReadonlyMap<number, number> {
    return this.memory.bytes;
  }

  receive(bytes: Uint8Array): void {
    this.device.receive(bytes);
  }

  private *talk(send: (...bytes: number[]) => void): Conversation {
    let address = 0;
    for (;;) {
      const command = String.fromCharCode(yield);
      if (command === 'S') send(...Buffer.from('CATERIN'));
      else if (command === 'V' || command === 'v') send(code('1'), code('0'));
      else if (command === 'p') send(code('S'));
      else if (command === 'a') send(code('Y'));
      else if (command === 'b') send(code('Y'), 0, 128);
      else if (command === 't') send(0x44, 0); // device codes it knows, ended by 0
      else if (command === 's') send(...[...this.signature].reverse());
      else if (['F', 'N', 'Q', 'r'].includes(command)) send(0xff);
      else if (command === 'T' || command === 'x' || command === 'y') {
        yield* take(1);
        send(CR);
      } else if (command === 'A') {
        const [high, low] = yield* take(2);
        address = ((high << 8) | low) * 2;
        send(CR);
      } else if (command === 'B') {
        const [high, low, kind] = yield* take(3);
        const data = yield* take((high << 8) | low);
        if (kind === code('F')) this.memory.write(address, data);
        address += data.length;
        send(CR);
      } else if (command === 'g') {
        const [high, low, kind] = yield* take(3);
        const count = (high << 8) | low;
        send(...(kind === code('F') ? this.memory.read(address, count) : new Uint8Array(count).fill(0xff)));
        address += count;
      } else if (command === 'e') {
        this.memory.erase();
        send(CR);
      } else if (command === 'P' || command === 'L') send(CR);
      else if (command === 'E') {
        this.started = true;
        send(CR);
      } else if (command !== '\x1b') send(code('?'));
    }
  }
}

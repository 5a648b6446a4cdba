import { ConversationDevice, FakeFlash, take, type Conversation, type FakeDevice, type Send } from './fake-device';

const PAGE_BYTES = 4096;
const BUFFER_BYTES = 8192;

export interface ArduinoSamBa {
  /** Added to every address: where applications begin. */
  readonly base: number;
  readonly name: string;
  /** Behind each text: the Nano's build sends a zero and a byte of the next text. */
  readonly stray: string;
  /** The build that the UNO R4 WiFi is sold with announces check sums without having them. */
  readonly hasCheckSums: boolean;
  /** A worn flash: this address keeps a bit. */
  readonly wornAt?: number;
}

/** Arduino's bootloader of the Nano 33 BLE, as its binary (ArduinoCore-mbed, bootloaders/nano33ble/bootloader.elf, main) does it. */
export const nano33: ArduinoSamBa = { base: 0x10000, name: 'nRF52840-QIAA', stray: '\0X', hasCheckSums: true };
/** That of the UNO R4 WiFi: arduino/arduino-renesas-bootloader, src/bossa.c. */
export const unoR4: ArduinoSamBa = { base: 0x4000, name: 'nRF52840-QIAA', stray: '', hasCheckSums: true };

/** Commands I, K, N, S, V, X, Y, Z and nothing else: what is not among them has no answer. */
export class FakeArduinoSamBa implements FakeDevice {
  started = false;
  private readonly memory = new FakeFlash();
  private readonly buffer = new Uint8Array(BUFFER_BYTES);
  private readonly device: ConversationDevice;

  constructor(send: Send, private readonly kind: ArduinoSamBa) {
    this.device = new ConversationDevice(() => this.talk((text) => send(Buffer.from(text, 'latin1'))));
  }

  get flash(): ReadonlyMap<number, number> {
    return this.memory.bytes;
  }

  receive(bytes: Uint8Array): void {
    this.device.receive(bytes);
  }

  private *talk(send: (text: string) => void): Conversation {
    const { base, name, stray, hasCheckSums } = this.kind;
    let from = 0;
    for (;;) {
      let line = '';
      for (let byte = yield; byte !== 0x23; byte = yield) line += String.fromCharCode(byte);
      // both read numbers at fixed places: eight digits behind the letter, the rest behind a comma
      const [first, second] = [line.slice(1, 9), line.slice(10)].map((digits) => parseInt(digits, 16) || 0);
      if (line[0] === 'N') send('\n\r');
      else if (line[0] === 'V') send(`Arduino Bootloader (SAM-BA extended) 2.0 [Arduino:IKXYZ]\n\r${stray}`);
      else if (line[0] === 'I') send(`${name}\n\r${stray}`);
      else if (line[0] === 'X') send('X\n\r'); // pages are erased as they are written
      else if (line[0] === 'S') this.buffer.set(yield* take(second), first);
      else if (line[0] === 'Y') {
        if (second === 0) from = first;
        else this.program(base + first, this.buffer.subarray(from, from + second));
        send('Y\n\r');
      } else if (line[0] === 'Z' && hasCheckSums) send(`Z${checkSum(this.memory.read(base + first, second)).toString(16).toUpperCase().padStart(8, '0')}#\n\r`);
      else if (line[0] === 'K') this.started = true;
    }
  }

  /** Whole pages alone can be erased: anything else leaves what was there, as on the chips. */
  private program(address: number, bytes: Uint8Array): void {
    if (address % PAGE_BYTES || bytes.length % PAGE_BYTES) return;
    this.memory.erase(address, address + bytes.length);
    this.memory.write(address, bytes);
    const { wornAt } = this.kind;
    if (wornAt !== undefined && wornAt >= address && wornAt < address + bytes.length) this.memory.write(wornAt, [bytes[wornAt - address] ^ 1]);
  }
}

const table = Array.from({ length: 256 }, (_, high) => {
  let crc = high << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  return crc;
});

export const checkSum = (bytes: Uint8Array): number => bytes.reduce((crc, byte) => ((crc << 8) & 0xffff) ^ table[((crc >> 8) ^ byte) & 0xff], 0);

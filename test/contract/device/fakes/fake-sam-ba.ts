import { ConversationDevice, FakeFlash, take, type Conversation, type FakeDevice, type Send } from './fake-device';

const hex8 = (value: number): string => (value >>> 0).toString(16).padStart(8, '0').toUpperCase();
const NVM_ADDR = 0x4100401c;
const NVM_CTRLA = 0x41004000;
const NVM_INTFLAG = 0x41004014;
const AIRCR = 0xe000ed0c;
const FLASH_BYTES = 0x40000;

/**
 * A SAMD21 with Arduino's SAM-BA bootloader, complete enough for `bossac`: memory, registers of DSU, CPU and flash controller,
 * and the extended commands.
 */
export class FakeSamBa implements FakeDevice {
  started = false;
  private readonly memory = new FakeFlash();
  private readonly ram = new FakeFlash();
  private readonly registers = new Map<number, number>();
  private readonly device: ConversationDevice;

  constructor(send: Send, chipId = 0x10010005) {
    // reset vector, CPUID of a Cortex-M0+, DSU.DID, flash controller ready
    for (const [address, value] of [[0x0, 0x20002dd0], [0x4, 0x123], [0xe000ed00, 0x410cc601], [0x41002018, chipId], [NVM_INTFLAG, 1], [0x41004018, 0], [0x41004004, 0]]) this.registers.set(address, value);
    this.device = new ConversationDevice(() => this.talk((bytes) => send(Buffer.from(bytes))));
  }

  get flash(): ReadonlyMap<number, number> {
    return this.memory.bytes;
  }

  receive(bytes: Uint8Array): void {
    this.device.receive(bytes);
  }

  private *talk(send: (bytes: string | Uint8Array) => void): Conversation {
    let source = 0;
    for (;;) {
      let line = '';
      for (let byte = yield; byte !== 0x23; byte = yield) if (byte >= 0x20 && byte < 0x7f) line += String.fromCharCode(byte);
      const command = line[0];
      const [first = 0, second = 0] = line.slice(1).split(',').map((text) => parseInt(text, 16) || 0);
      if (command === 'N') send('\n\r');
      else if (command === 'V') send('v2.0 [Arduino:XYZ] Apr 19 2019 14:38:48\n\r');
      else if (command === 'I') send('ATSAMD21G18A\n\r');
      else if (command === 'w') send(this.word(first));
      else if (command === 'o') send(this.word(first).subarray(0, 1));
      else if (command === 'W') this.setWord(first, second);
      else if (command === 'R') send(this.read(first, second));
      else if (command === 'S') this.ram.write(first, yield* take(second));
      else if (command === 'X') {
        this.memory.erase(first);
        send('X\n\r');
      } else if (command === 'Y') {
        if (second === 0) source = first;
        else this.memory.write(first, this.ram.read(source, second));
        send('Y\n\r');
      } else if (command === 'Z') send(`Z${hex8(crc16(this.read(first, second)))}#\n\r`);
    }
  }

  private read(address: number, count: number): Uint8Array {
    return (address < FLASH_BYTES ? this.memory : this.ram).read(address, count);
  }

  private word(address: number): Uint8Array {
    const value = this.registers.get(address);
    if (value === undefined) return this.read(address, 4);
    return Uint8Array.of(value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, value >>> 24);
  }

  private setWord(address: number, value: number): void {
    if (address === AIRCR) this.started = true;
    // the flash controller's command "erase row": four pages of 64 bytes at the half-word address
    if (address === NVM_CTRLA && (value & 0x7f) === 0x02) {
      const row = (this.registers.get(NVM_ADDR) ?? 0) * 2;
      this.memory.erase(row, row + 256);
    }
    if (address !== NVM_INTFLAG) this.registers.set(address, value);
  }
}

/** CRC-16/XMODEM, as the bootloader computes it. */
function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}

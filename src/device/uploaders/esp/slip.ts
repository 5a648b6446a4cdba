/** Packets between 0xc0 bytes, RFC 1055. What lies outside of packets is kept as text. */
const END = 0xc0;
const ESCAPE = 0xdb;
const ESCAPED_END = 0xdc;
const ESCAPED_ESCAPE = 0xdd;
/** More text than a ROM prints at start is of no interest. */
const KEPT_TEXT_BYTES = 4096;
/** Longer than any packet: blocks are 16 KiB and their header. What grows beyond is no packet, but firmware that prints. */
const LONGEST_PACKET_BYTES = 0x8000;

export class SlipDecoder {
  private packet: number[] | undefined;
  private escaped = false;
  private text: number[] = [];

  /** The packets that these bytes complete. A packet with a wrong escape is dropped: the request is then repeated by whoever waits. */
  push(bytes: Uint8Array): Uint8Array[] {
    const packets: Uint8Array[] = [];
    for (const byte of bytes) {
      if (byte === END) {
        // an empty packet is the end of a broken one, or a second END between two: the next begins here
        if (this.packet?.length) {
          packets.push(Uint8Array.from(this.packet));
          this.packet = undefined;
        } else this.packet = [];
        this.escaped = false;
      } else if (!this.packet) this.keep(byte);
      else if (this.packet.length >= LONGEST_PACKET_BYTES) this.packet = undefined;
      else if (this.escaped) {
        this.escaped = false;
        if (byte === ESCAPED_END) this.packet.push(END);
        else if (byte === ESCAPED_ESCAPE) this.packet.push(ESCAPE);
        else this.packet = undefined;
      } else if (byte === ESCAPE) this.escaped = true;
      else this.packet.push(byte);
    }
    return packets;
  }

  takeText(): Uint8Array {
    return Uint8Array.from(this.text.splice(0));
  }

  private keep(byte: number): void {
    if (this.text.length < KEPT_TEXT_BYTES) this.text.push(byte);
  }
}

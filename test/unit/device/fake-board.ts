import { crc32 } from '../../../src/base/crc32';
import { encodeFrame, FrameDecoder, type Frame } from '../../../src/device/protocol/framing';
import { messageOfType, messages, PROTOCOL_VERSION, type MessageDescription, type MessageName, type Payload } from '../../../src/device/protocol/messages';
import { decodePayload, encodePayload } from '../../../src/device/protocol/payload';
import { MemoryLink } from '../../../src/device/transports/memory-link';

/** What a fault does to one message on the wire; `undefined` lets it pass. */
export type Fault = (name: MessageName, count: number) => Uint8Array | 'lose' | undefined;

export interface FakeBoardOptions {
  readonly inputBytes?: number;
  readonly outputBytes?: number;
  readonly maxPayload?: number;
  /** Largest part of the output in one frame. */
  readonly maxResult?: number;
  readonly faultToBoard?: Fault;
  readonly faultToHost?: Fault;
  /** Does not answer a run. */
  readonly hangs?: boolean;
  readonly status?: number;
  readonly protocol?: number;
  /** Results of the layers that a watched run tells of; absent for firmware without layer reports. */
  readonly layers?: readonly Uint8Array[];
  /** Absent for firmware without one. */
  readonly sensor?: Payload<'senseReply'>;
}

const toBoard = new Set<number>((Object.values(messages) as MessageDescription[]).filter((m) => m.direction === 'to-board').map((m) => m.type));

/** The board's side of the link in memory: the rules of protocol/messages.ts once more, independent of the C firmware. Its model adds 1 to each byte. */
export class FakeBoard {
  readonly host: MemoryLink;
  readonly board: MemoryLink;
  readonly received: MessageName[] = [];
  runs = 0;
  private readonly decoder = new FrameDecoder({ types: toBoard });
  private readonly input: Uint8Array;
  private output: Uint8Array;
  private lastRun = 0;
  private readonly sent = new Map<MessageName, number>();

  constructor(private readonly options: FakeBoardOptions = {}) {
    [this.host, this.board] = MemoryLink.pair('the fake board');
    this.input = new Uint8Array(options.inputBytes ?? 8);
    this.output = new Uint8Array(options.outputBytes ?? 8);
    this.board.onData((bytes) => {
      for (const event of this.decoder.push(bytes)) if (event.kind === 'frame') this.take(event.frame);
    });
  }

  hello(sequence: number): void {
    this.send('helloReply', sequence, {
      protocol: this.options.protocol ?? PROTOCOL_VERSION,
      maxPayload: this.options.maxPayload ?? 64,
      modelHash: 0x12345678,
      arenaBytes: 100,
      inputBytes: this.input.length,
      outputBytes: this.output.length,
      clockHz: 1_000_000,
      tickHz: 1_000_000,
      tickKind: 0,
      overruns: 0,
      firmware: 'fake 1',
      board: 'fake',
      model: 'increment',
    });
  }

  send<M extends MessageName>(name: M, sequence: number, payload: Payload<M>): void {
    const wire = encodeFrame({ type: messages[name].type, sequence, payload: encodePayload(name, payload) });
    const count = (this.sent.get(name) ?? 0) + 1;
    this.sent.set(name, count);
    const fault = this.options.faultToHost?.(name, count);
    if (fault !== 'lose') void this.board.write(fault ?? wire);
  }

  private take(frame: Frame): void {
    const name = messageOfType(frame.type)!;
    this.received.push(name);
    if (this.options.faultToBoard?.(name, this.received.filter((n) => n === name).length) === 'lose') return;
    const { sequence } = frame;
    if (name === 'hello') {
      this.lastRun = 0;
      this.hello(sequence);
    } else if (name === 'restart') this.send('ack', sequence, {});
    else if (name === 'input') {
      const part = decodePayload('input', frame.payload)!;
      this.input.set(part.bytes, part.offset);
      this.send('ack', sequence, {});
    } else if (name === 'infer') this.infer(sequence, decodePayload('infer', frame.payload)!);
    else if (name === 'readOutput') {
      const { offset, length } = decodePayload('readOutput', frame.payload)!;
      this.send('output', sequence, { offset, bytes: this.output.slice(offset, offset + Math.min(length, this.maxResult)) });
    } else if (name === 'sense' && this.options.sensor) this.send('senseReply', sequence, this.options.sensor);
    else if (!this.options.layers || !this.answerOfLayers(name, frame)) this.send('error', sequence, { code: 1 });
  }

  private infer(sequence: number, part: Payload<'infer'>): void {
    if (sequence !== this.lastRun) {
      this.input.set(part.bytes, part.offset);
      this.lastRun = sequence;
      this.send('ack', sequence, {});
      if (this.options.hangs) return;
      this.runs++;
      this.tellLayers(sequence);
      this.output = Uint8Array.from({ length: this.output.length }, (_, i) => this.input[i % this.input.length] + 1);
    }
    if (!this.options.hangs) this.send('result', sequence, { status: this.options.status ?? 0, ticks: 250, bytes: this.output.slice(0, this.maxResult) });
  }

  private watched = { flags: 0, layer: 0 };

  private answerOfLayers(name: MessageName, { sequence, payload }: Frame): boolean {
    if (name === 'watch') {
      this.watched = decodePayload('watch', payload)!;
      this.send('ack', sequence, {});
    } else if (name === 'weights') this.send('weightsReply', sequence, { layer: decodePayload('weights', payload)!.layer, bytes: 9, crc: 0xcbf43926 });
    else if (name === 'memory') this.send('memoryReply', sequence, { stackUsed: 100, stackBytes: 1000 });
    else return false;
    return true;
  }

  /** Two bytes of a tensor in each piece. */
  private tellLayers(sequence: number): void {
    if (!this.watched.flags) return;
    this.options.layers?.forEach((bytes, layer) => {
      this.send('layerDone', sequence, { layer, ticks: 10 * (layer + 1), bytes: bytes.length, crc: crc32(bytes), least: 0xffffffff, most: 5, atLeast: 0, atMost: layer });
      if (layer !== this.watched.layer) return;
      for (let offset = 0; offset < bytes.length; offset += 2) this.send('tensor', sequence, { layer, offset, bytes: bytes.slice(offset, offset + 2) });
    });
  }

  private get maxResult(): number {
    return this.options.maxResult ?? 1000;
  }
}

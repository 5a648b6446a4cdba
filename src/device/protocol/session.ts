import { neverCancelled, type CancelSignal } from '../../base/cancel';
import { DisposableStore } from '../../base/disposable';
import { Emitter, type Event } from '../../base/event';
import { ProblemError } from '../../base/problem';
import type { ByteLink } from '../transports/link';
import { FrameDecoder, type Frame, type StreamEvent } from './framing';
import { logLevels, messageOfType, NO_LAYER, PROTOCOL_VERSION, SENSE_TELL, tickKinds, WATCH_LAYERS, type MessageName, type Payload } from './messages';
import { decodePayload } from './payload';
import * as problems from './problems';
import { Requests, type Also } from './requests';
import { senseReport, type SenseReport } from './sense-report';
import type { BrokenPiece, Hello, InferResult, LinkStats, LogLine, SessionOptions, StackReport, TracedResult } from './session-types';
import { TraceCollector } from './trace-collector';

export type { BrokenPiece, Hello, InferResult, LinkStats, LogLine, SessionOptions } from './session-types';

/** A frame whose bytes stop coming for so long is no frame any more: what came of it is told, and text behind it is text. */
const SILENCE_MS = 1000;

function inferResult({ tickHz, tickKind }: Hello, { ticks }: Payload<'result'>, output: Uint8Array): InferResult {
  return { output, ticks, tickHz, tickKind, us: (ticks * 1e6) / tickHz };
}

/** Requests and replies with one board over one link. Requests are queued: the protocol is stop-and-wait. */
export class Session {
  private readonly decoder: FrameDecoder;
  private readonly text = new Emitter<string>();
  private readonly log = new Emitter<LogLine>();
  private readonly unasked = new Emitter<InferResult>();
  private readonly samples = new Emitter<Payload<'samples'>>();
  private readonly restart = new Emitter<Hello>();
  private readonly broken = new Emitter<BrokenPiece>();
  private readonly statsChanged = new Emitter<LinkStats>();
  private readonly closed = new Emitter<Error | undefined>();
  private readonly subscriptions = new DisposableStore();
  private readonly textDecoder = new TextDecoder();
  private readonly requests: Requests;
  private queue: Promise<unknown> = Promise.resolve();
  private current: Hello | undefined;
  private hasClosed = false;
  private silence: NodeJS.Timeout | undefined;

  /** Text that the firmware prints beside the frames, as it comes. */
  readonly onText: Event<string> = this.text.event;
  readonly onLog: Event<LogLine> = this.log.event;
  /** A run that nobody asked for: of firmware that feeds itself. `output` is what fits into one frame. */
  readonly onResult: Event<InferResult> = this.unasked.event;
  /** Measurements of the board's sensor, where `sense` has asked for them. */
  readonly onSamples: Event<Payload<'samples'>> = this.samples.event;
  /** The board said hello unasked: it has just started. */
  readonly onRestart: Event<Hello> = this.restart.event;
  readonly onBroken: Event<BrokenPiece> = this.broken.event;
  readonly onStats: Event<LinkStats> = this.statsChanged.event; // after each reply and each broken piece
  readonly onClose: Event<Error | undefined> = this.closed.event;

  constructor(private readonly link: ByteLink, options: SessionOptions = {}) {
    const { replyTimeoutMs = 1000, runTimeoutMs = 120_000, runPollMs = 2000, attempts = 5 } = options;
    this.requests = new Requests(link, { replyTimeoutMs, runTimeoutMs, runPollMs, attempts });
    this.decoder = new FrameDecoder({ maxFrameBytes: options.maxFrameBytes });
    this.subscriptions.add(link.onData((bytes) => this.receive(bytes)));
    this.subscriptions.add(link.onClose((error) => this.linkClosed(error)));
  }

  get stats(): LinkStats {
    return { ...this.decoder.stats, ...this.requests.counts };
  }

  /** What the board last said of itself. */
  get lastHello(): Hello | undefined {
    return this.current;
  }

  /** Asks the board who it is; must have succeeded before `infer`. */
  hello(signal: CancelSignal = neverCancelled): Promise<Hello> {
    return this.enqueue(async () => this.remember(await this.requests.request('hello', {}, 'helloReply', signal)));
  }

  /** Runs the model once. `input`: all inputs in order without gaps, exactly `hello.inputBytes` bytes. */
  infer(input: Uint8Array, signal: CancelSignal = neverCancelled): Promise<InferResult> {
    return this.enqueue(() => this.run(input, signal));
  }

  /**
   * Runs the model once and hears of each of its layers; with `tensorOf` of one also its result. Frames that were lost are
   * missing: `layers` then has gaps, and there is no `tensor`. @throws ProblemError where the firmware was built without layer reports
   */
  trace(input: Uint8Array, tensorOf: number | undefined, signal: CancelSignal = neverCancelled): Promise<TracedResult> {
    return this.enqueue(async () => {
      await this.watch(WATCH_LAYERS, tensorOf ?? NO_LAYER, signal);
      const collector = new TraceCollector(tensorOf);
      const result = await this.run(input, signal, (name, frame) => collector.take(name, frame));
      await this.watch(0, NO_LAYER, signal);
      return { ...result, ...collector.result(result.tickHz) };
    });
  }

  /** CRC-32 and bytes of a layer's constants as they lie on the board. */
  weightsOf(layer: number, signal: CancelSignal = neverCancelled): Promise<{ readonly bytes: number; readonly crc: number }> {
    return this.enqueue(async () => {
      const { bytes, crc } = await this.requests.request('weights', { layer }, 'weightsReply', signal);
      return { bytes, crc };
    });
  }

  stack(signal: CancelSignal = neverCancelled): Promise<StackReport> {
    return this.enqueue(() => this.requests.request('memory', {}, 'memoryReply', signal));
  }

  /** The sensor that feeds the model; with `tell` its measurements are told from now on. @throws ProblemError where the firmware has none */
  sense(tell: boolean, signal: CancelSignal = neverCancelled): Promise<SenseReport> {
    return this.enqueue(async () => senseReport(await this.requests.request('sense', { flags: tell ? SENSE_TELL : 0 }, 'senseReply', signal)));
  }

  /** Measurements in the place of the sensor's: int16, channels in turn, as many as one frame takes. Resolves when the board has taken them in and run on them. */
  play(counts: Uint8Array, signal: CancelSignal = neverCancelled): Promise<void> {
    return this.enqueue(async () => void (await this.requests.request('play', { bytes: counts }, 'ack', signal)));
  }

  /** Clears the state of a streaming model. */
  restartModel(signal: CancelSignal = neverCancelled): Promise<void> {
    return this.enqueue(async () => void (await this.requests.request('restart', {}, 'ack', signal)));
  }

  /** Closes the link; open requests fail. Idempotent. */
  async close(): Promise<void> {
    await this.link.close();
    this.linkClosed(undefined);
  }

  /** Bytes to the board outside of any frame: for firmware that reads text. */
  send(bytes: Uint8Array): Promise<void> {
    return this.link.write(bytes);
  }

  private watch(flags: number, layer: number, signal: CancelSignal): Promise<unknown> {
    return this.requests.request('watch', { flags, layer }, 'ack', signal);
  }

  private async run(input: Uint8Array, signal: CancelSignal, also?: Also): Promise<InferResult> {
    const hello = this.current ?? this.remember(await this.requests.request('hello', {}, 'helloReply', signal));
    if (input.length !== hello.inputBytes) throw new ProblemError(problems.wrongInputSize(input.length, hello.inputBytes, hello.model));
    const chunk = hello.maxPayload - 4; // the offset comes first
    let offset = 0;
    for (; input.length - offset > chunk; offset += chunk) {
      await this.requests.request('input', { offset, bytes: input.subarray(offset, offset + chunk) }, 'ack', signal);
    }
    const result = await this.requests.request('infer', { offset, bytes: input.subarray(offset) }, 'result', signal, also);
    if (result.status !== 0) throw new ProblemError(problems.modelFailed(hello.model, result.status));
    const output = await this.restOfOutput(result.bytes, hello, signal);
    this.statsChanged.fire(this.stats);
    return inferResult(hello, result, output);
  }

  private async restOfOutput(begin: Uint8Array, hello: Hello, signal: CancelSignal): Promise<Uint8Array> {
    if (begin.length >= hello.outputBytes) return begin;
    const output = new Uint8Array(hello.outputBytes);
    output.set(begin);
    for (let offset = begin.length; offset < output.length; ) {
      const length = Math.min(output.length - offset, 0xffff);
      const part = await this.requests.request('readOutput', { offset, length }, 'output', signal);
      const fits = part.offset === offset && part.bytes.length > 0 && part.bytes.length <= length;
      if (!fits) throw new ProblemError(problems.malformedReply(this.link.name, 'output'));
      output.set(part.bytes, offset);
      offset += part.bytes.length;
    }
    return output;
  }

  private enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.queue.then(work);
    this.queue = result.catch(() => {});
    return result;
  }

  private receive(bytes: Uint8Array): void {
    for (const event of this.decoder.push(bytes)) this.tell(event);
    clearTimeout(this.silence);
    if (this.decoder.waitingBytes > 0) this.silence = setTimeout(() => this.decoder.end().forEach((event) => this.tell(event)), SILENCE_MS);
  }

  private tell(event: StreamEvent): void {
    if (event.kind === 'frame') this.receiveFrame(event.frame);
    else if (event.kind === 'text') this.text.fire(this.textDecoder.decode(event.bytes, { stream: true }));
    else {
      this.broken.fire(event);
      this.statsChanged.fire(this.stats);
    }
  }

  private receiveFrame(frame: Frame): void {
    if (this.requests.take(frame)) return;
    const name = frame.sequence === 0 ? messageOfType(frame.type) : undefined;
    const taken = name !== undefined && this.unaskedBy[name]?.(frame);
    if (!taken) this.requests.counts.unexpected++;
  }

  /** What a board says by itself. True where it could be read. */
  private readonly unaskedBy: { readonly [N in MessageName]?: (frame: Frame) => boolean } = {
    log: ({ payload }) => {
      const line = decodePayload('log', payload);
      if (line) this.log.fire({ level: logLevels[line.level] ?? 'info', text: line.text });
      return line !== undefined;
    },
    helloReply: (frame) => {
      const hello = decodePayload('helloReply', frame.payload);
      if (hello) this.boardStarted(frame, hello);
      return hello !== undefined;
    },
    result: ({ payload }) => {
      const run = this.current && decodePayload('result', payload);
      if (!run || !this.current) return false;
      // Its outputs are those of an earlier run.
      if (run.status !== 0) this.log.fire({ level: 'error', text: problems.modelFailed(this.current.model, run.status).title });
      else this.unasked.fire(inferResult(this.current, run, run.bytes));
      return true;
    },
    samples: ({ payload }) => {
      const samples = decodePayload('samples', payload);
      if (samples) this.samples.fire(samples);
      return samples !== undefined;
    },
  };

  /** Unasked: the board has just started. */
  private boardStarted(frame: Frame, payload: Payload<'helloReply'>): void {
    if (this.requests.open !== 'hello' && payload.protocol === PROTOCOL_VERSION) this.restart.fire(this.remember(payload));
    this.requests.restarted(frame, payload.model);
  }

  private remember(payload: Payload<'helloReply'>): Hello {
    const { protocol, tickKind, ...rest } = payload;
    if (protocol !== PROTOCOL_VERSION) throw new ProblemError(problems.protocolMismatch(this.link.name, protocol));
    const kind = tickKinds[tickKind];
    if (!kind || rest.maxPayload < 8 || rest.tickHz === 0) throw new ProblemError(problems.malformedReply(this.link.name, 'helloReply'));
    this.current = { ...rest, tickKind: kind };
    return this.current;
  }

  private linkClosed(error: Error | undefined): void {
    if (this.hasClosed) return;
    this.hasClosed = true;
    clearTimeout(this.silence);
    for (const event of this.decoder.end()) this.tell(event);
    this.requests.close(error);
    this.closed.fire(error);
    this.subscriptions.dispose();
  }
}

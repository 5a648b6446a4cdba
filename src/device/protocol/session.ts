import { CancelledError, neverCancelled, type CancelSignal } from '../../base/cancel';
import { DisposableStore } from '../../base/disposable';
import { Emitter, type Event } from '../../base/event';
import { ProblemError, type Problem } from '../../base/problem';
import type { ByteLink } from '../transports/link';
import { encodeFrame, FrameDecoder, type Frame } from './framing';
import { logLevels, messageOfType, messages, NO_LAYER, PROTOCOL_VERSION, tickKinds, WATCH_LAYERS, type MessageName, type Payload } from './messages';
import { decodePayload, encodePayload } from './payload';
import * as problems from './problems';
import type { BrokenPiece, Hello, InferResult, LinkStats, LogLine, SessionOptions, StackReport, TracedResult } from './session-types';
import { TraceCollector } from './trace-collector';

export type { BrokenPiece, Hello, InferResult, LinkStats, LogLine, SessionOptions } from './session-types';

interface Waiting {
  readonly name: MessageName;
  readonly sequence: number;
  take(frame: Frame): void;
  fail(error: unknown): void;
}

/** What else may come under a request's sequence number before its reply: true where it was taken. */
type Also = (name: MessageName, frame: Frame) => boolean;

function inferResult({ tickHz, tickKind }: Hello, { ticks }: Payload<'result'>, output: Uint8Array): InferResult {
  return { output, ticks, tickHz, tickKind, us: (ticks * 1e6) / tickHz };
}

/** Requests and replies with one board over one link. Requests are queued: the protocol is stop-and-wait. */
export class Session {
  private readonly decoder: FrameDecoder;
  private readonly text = new Emitter<string>();
  private readonly log = new Emitter<LogLine>();
  private readonly unasked = new Emitter<InferResult>();
  private readonly restart = new Emitter<Hello>();
  private readonly broken = new Emitter<BrokenPiece>();
  private readonly statsChanged = new Emitter<LinkStats>();
  private readonly closed = new Emitter<Error | undefined>();
  private readonly subscriptions = new DisposableStore();
  private readonly textDecoder = new TextDecoder();
  private readonly replyTimeoutMs: number;
  private readonly runTimeoutMs: number;
  private readonly runPollMs: number;
  private readonly attempts: number;
  private readonly counts = { requests: 0, repeats: 0, unexpected: 0 };
  private sequence = 0;
  private waiting: Waiting | undefined;
  private queue: Promise<unknown> = Promise.resolve();
  private current: Hello | undefined;
  private closedBy: { readonly error: Error | undefined } | undefined;

  /** Text that the firmware prints beside the frames, as it comes. */
  readonly onText: Event<string> = this.text.event;
  readonly onLog: Event<LogLine> = this.log.event;
  /** A run that nobody asked for: of firmware that feeds itself. `output` is what fits into one frame. */
  readonly onResult: Event<InferResult> = this.unasked.event;
  /** The board said hello unasked: it has just started. */
  readonly onRestart: Event<Hello> = this.restart.event;
  readonly onBroken: Event<BrokenPiece> = this.broken.event;
  readonly onStats: Event<LinkStats> = this.statsChanged.event; // after each reply and each broken piece
  readonly onClose: Event<Error | undefined> = this.closed.event;

  constructor(private readonly link: ByteLink, options: SessionOptions = {}) {
    this.replyTimeoutMs = options.replyTimeoutMs ?? 1000;
    this.runTimeoutMs = options.runTimeoutMs ?? 120_000;
    this.runPollMs = options.runPollMs ?? 2000;
    this.attempts = options.attempts ?? 5;
    this.decoder = new FrameDecoder({ maxFrameBytes: options.maxFrameBytes });
    this.subscriptions.add(link.onData((bytes) => this.receive(bytes)));
    this.subscriptions.add(link.onClose((error) => this.linkClosed(error)));
  }

  get stats(): LinkStats {
    return { ...this.decoder.stats, ...this.counts };
  }

  /** What the board last said of itself. */
  get lastHello(): Hello | undefined {
    return this.current;
  }

  /** Asks the board who it is; must have succeeded before `infer`. */
  hello(signal: CancelSignal = neverCancelled): Promise<Hello> {
    return this.enqueue(async () => this.remember(await this.request('hello', {}, 'helloReply', signal)));
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
      const { bytes, crc } = await this.request('weights', { layer }, 'weightsReply', signal);
      return { bytes, crc };
    });
  }

  stack(signal: CancelSignal = neverCancelled): Promise<StackReport> {
    return this.enqueue(() => this.request('memory', {}, 'memoryReply', signal));
  }

  /** Clears the state of a streaming model. */
  restartModel(signal: CancelSignal = neverCancelled): Promise<void> {
    return this.enqueue(async () => void (await this.request('restart', {}, 'ack', signal)));
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
    return this.request('watch', { flags, layer }, 'ack', signal);
  }

  private async run(input: Uint8Array, signal: CancelSignal, also?: Also): Promise<InferResult> {
    const hello = this.current ?? this.remember(await this.request('hello', {}, 'helloReply', signal));
    if (input.length !== hello.inputBytes) throw new ProblemError(problems.wrongInputSize(input.length, hello.inputBytes, hello.model));
    const chunk = hello.maxPayload - 4; // the offset comes first
    let offset = 0;
    for (; input.length - offset > chunk; offset += chunk) {
      await this.request('input', { offset, bytes: input.subarray(offset, offset + chunk) }, 'ack', signal);
    }
    const result = await this.request('infer', { offset, bytes: input.subarray(offset) }, 'result', signal, also);
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
      const part = await this.request('readOutput', { offset, length }, 'output', signal);
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

  /**
   * One exchange. Sent again with the same sequence number after each timeout; an `ack` where a `result` is awaited means
   * that the model runs, so the longer timeout applies from there.
   */
  private request<Q extends MessageName, R extends MessageName>(
    name: Q,
    payload: Payload<Q>,
    reply: R,
    signal: CancelSignal,
    also?: Also,
  ): Promise<Payload<R>> {
    if (this.closedBy) return Promise.reject(new ProblemError(this.closedProblem()));
    if (signal.aborted) return Promise.reject(new CancelledError());
    this.sequence = (this.sequence % 255) + 1;
    const sequence = this.sequence;
    const wire = encodeFrame({ type: messages[name].type, sequence, payload: encodePayload(name, payload) });
    this.counts.requests++;
    return new Promise<Payload<R>>((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      let sent = 0;
      let deadline = Infinity;
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', cancel);
        if (this.waiting === waiting) this.waiting = undefined;
        act();
      };
      const untilNextPoll = (): number => Math.max(0, Math.min(this.runPollMs, deadline - Date.now()));
      const fail = (error: unknown): void => settle(() => reject(error));
      const cancel = (): void => fail(new CancelledError());
      const send = (): void => {
        const accepted = deadline !== Infinity;
        if (accepted ? Date.now() >= deadline : sent >= this.attempts) {
          return fail(new ProblemError(problems.noReply(this.link.name, name, sent, accepted ? this.runTimeoutMs : this.replyTimeoutMs)));
        }
        if (sent++ > 0) this.counts.repeats++;
        this.link.write(wire).catch((error: unknown) => fail(new ProblemError(this.closedProblem(error))));
        timer = setTimeout(send, accepted ? untilNextPoll() : this.replyTimeoutMs);
      };
      const waiting: Waiting = {
        name,
        sequence,
        fail,
        take: (frame) => {
          const received = messageOfType(frame.type);
          if (received === 'error') {
            const code = decodePayload('error', frame.payload)?.code ?? 0;
            return fail(new ProblemError(problems.refused(this.link.name, name, code)));
          }
          if (received === 'ack' && reply !== 'ack') {
            if (deadline === Infinity) deadline = Date.now() + this.runTimeoutMs;
            clearTimeout(timer);
            timer = setTimeout(send, untilNextPoll());
            return;
          }
          if (received && received !== reply && also?.(received, frame)) {
            clearTimeout(timer); // the run goes on
            timer = setTimeout(send, untilNextPoll());
            return;
          }
          if (received !== reply) return void this.counts.unexpected++;
          const decoded = decodePayload(reply, frame.payload);
          if (decoded) settle(() => resolve(decoded));
          else fail(new ProblemError(problems.malformedReply(this.link.name, reply)));
        },
      };
      this.waiting = waiting;
      signal.addEventListener('abort', cancel, { once: true });
      send();
    });
  }

  private receive(bytes: Uint8Array): void {
    for (const event of this.decoder.push(bytes)) {
      if (event.kind === 'frame') this.receiveFrame(event.frame);
      else if (event.kind === 'text') this.text.fire(this.textDecoder.decode(event.bytes, { stream: true }));
      else {
        this.broken.fire(event);
        this.statsChanged.fire(this.stats);
      }
    }
  }

  private receiveFrame(frame: Frame): void {
    if (frame.sequence !== 0 && frame.sequence === this.waiting?.sequence) return this.waiting.take(frame);
    const name = messageOfType(frame.type);
    const line = name === 'log' ? decodePayload('log', frame.payload) : undefined;
    if (line) return this.log.fire({ level: logLevels[line.level] ?? 'info', text: line.text });
    const hello = name === 'helloReply' && frame.sequence === 0 ? decodePayload('helloReply', frame.payload) : undefined;
    if (hello) return this.boardStarted(frame, hello);
    const run = name === 'result' && frame.sequence === 0 && this.current ? decodePayload('result', frame.payload) : undefined;
    if (run && this.current) return this.unasked.fire(inferResult(this.current, run, run.bytes));
    this.counts.unexpected++;
  }

  /** Unasked: the board has just started. That answers an open hello; any other open request is lost with the board's memory. */
  private boardStarted(frame: Frame, payload: Payload<'helloReply'>): void {
    if (this.waiting?.name === 'hello') return this.waiting.take(frame);
    if (payload.protocol === PROTOCOL_VERSION) this.restart.fire(this.remember(payload));
    this.waiting?.fail(new ProblemError(problems.boardRestarted(this.link.name, payload.model)));
  }

  private remember(payload: Payload<'helloReply'>): Hello {
    const { protocol, tickKind, ...rest } = payload;
    if (protocol !== PROTOCOL_VERSION) throw new ProblemError(problems.protocolMismatch(this.link.name, protocol));
    const kind = tickKinds[tickKind];
    if (!kind || rest.maxPayload < 8 || rest.tickHz === 0) throw new ProblemError(problems.malformedReply(this.link.name, 'helloReply'));
    this.current = { ...rest, tickKind: kind };
    return this.current;
  }

  private closedProblem(error?: unknown): Problem {
    const why = error ?? this.closedBy?.error;
    return problems.linkClosed(this.link.name, why instanceof Error ? why.message : undefined);
  }

  private linkClosed(error: Error | undefined): void {
    if (this.closedBy) return;
    this.closedBy = { error };
    this.waiting?.fail(new ProblemError(this.closedProblem()));
    this.closed.fire(error);
    this.subscriptions.dispose();
  }
}

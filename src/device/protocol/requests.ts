import { CancelledError, type CancelSignal } from '../../base/cancel';
import { ProblemError, type Problem } from '../../base/problem';
import type { ByteLink } from '../transports/link';
import { encodeFrame, type Frame } from './framing';
import { messageOfType, messages, type MessageName, type Payload } from './messages';
import { decodePayload, encodePayload } from './payload';
import * as problems from './problems';

/** What else may come under a request's sequence number before its reply: true where it was taken. */
export type Also = (name: MessageName, frame: Frame) => boolean;

export interface RequestTimes {
  readonly replyTimeoutMs: number;
  readonly runTimeoutMs: number;
  readonly runPollMs: number;
  readonly attempts: number;
}

interface Waiting {
  readonly name: MessageName;
  readonly sequence: number;
  take(frame: Frame): void;
  fail(error: unknown): void;
}

/** One request at a time over a link: numbered, repeated until it is answered. */
export class Requests {
  readonly counts = { requests: 0, repeats: 0, unexpected: 0 };
  private sequence = 0;
  private waiting: Waiting | undefined;
  private closedBy: { readonly error: Error | undefined } | undefined;

  constructor(private readonly link: ByteLink, private readonly times: RequestTimes) {}

  /** Name of the request that is open. */
  get open(): MessageName | undefined {
    return this.waiting?.name;
  }

  /** True where the frame carries the number of the open request. */
  take(frame: Frame): boolean {
    if (frame.sequence === 0 || frame.sequence !== this.waiting?.sequence) return false;
    this.waiting.take(frame);
    return true;
  }

  /** The board has just started: that answers an open hello; any other open request is lost with the board's memory. */
  restarted(frame: Frame, model: string): void {
    if (this.waiting?.name === 'hello') this.waiting.take(frame);
    else this.waiting?.fail(new ProblemError(problems.boardRestarted(this.link.name, model)));
  }

  /** The link has ended: open and later requests fail. */
  close(error: Error | undefined): void {
    if (this.closedBy) return;
    this.closedBy = { error };
    this.waiting?.fail(new ProblemError(this.closedProblem()));
  }

  /**
   * One exchange. Sent again with the same sequence number after each timeout; an `ack` where a `result` is awaited means
   * that the model runs, so the longer timeout applies from there.
   */
  request<Q extends MessageName, R extends MessageName>(
    name: Q,
    payload: Payload<Q>,
    reply: R,
    signal: CancelSignal,
    also?: Also,
  ): Promise<Payload<R>> {
    const { replyTimeoutMs, runTimeoutMs, runPollMs, attempts } = this.times;
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
      const untilNextPoll = (): number => Math.max(0, Math.min(runPollMs, deadline - Date.now()));
      const fail = (error: unknown): void => settle(() => reject(error));
      const cancel = (): void => fail(new CancelledError());
      const send = (): void => {
        const accepted = deadline !== Infinity;
        if (accepted ? Date.now() >= deadline : sent >= attempts) {
          return fail(new ProblemError(problems.noReply(this.link.name, name, sent, accepted ? runTimeoutMs : replyTimeoutMs)));
        }
        if (sent++ > 0) this.counts.repeats++;
        this.link.write(wire).catch((error: unknown) => fail(new ProblemError(this.closedProblem(error))));
        timer = setTimeout(send, accepted ? untilNextPoll() : replyTimeoutMs);
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
            if (deadline === Infinity) deadline = Date.now() + runTimeoutMs;
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

  private closedProblem(error?: unknown): Problem {
    const why = error ?? this.closedBy?.error;
    return problems.linkClosed(this.link.name, why instanceof Error ? why.message : undefined);
  }
}

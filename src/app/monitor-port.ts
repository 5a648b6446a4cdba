import { toHex32 } from '../base/bytes';
import { isCancelled } from '../base/cancel';
import type { Disposable } from '../base/disposable';
import { problemOfUnknown, ProblemError } from '../base/problem';
import { AbortLike } from '../base/rpc';
import { PROTOCOL_VERSION } from '../device/protocol/messages';
import { Session, type Hello, type InferResult, type LinkStats } from '../device/protocol/session';
import type { ByteLink } from '../device/transports/link';
import type { PausableOwner } from '../device/transports/port-broker';
import { byteLengthOf, elementCount } from '../engine/ir/dtype';
import type { ModelIdentity } from './engine-contract';
import { tellText } from './board-text';
import { predictionOf, summaryOf } from './predictions';
import type { BoardRun, PredictionEvent, RunEvent } from './run-contract';
import { samplesEvent, tellSensor } from './sensor/sensor-events';

/** A board that runs already, whoever flashed it. */
export interface MonitorRequest {
  readonly portPath: string;
  readonly baud: number;
  /** Asks for the firmware's name; off, nothing is sent to the board. */
  readonly hello: boolean;
  /** What its outputs mean, where its model is known. */
  readonly model?: ModelIdentity;
}

export interface PortMonitor extends BoardRun {
  /** Of the link as it is now; undefined while there is none. */
  readonly stats: LinkStats | undefined;
}

export type OpenPort = (portPath: string, baud: number, owner: PausableOwner) => Promise<ByteLink>;

/** A board that is not ours answers at once or not at all. */
const HELLO = { replyTimeoutMs: 400, attempts: 2 };
const RETRY_MS = 1000;
/** Predictions that the summary is made of, the newest. */
const SUMMARIZED = 1000;

/**
 * Listens to a port: text by line, predictions of firmware that feeds itself, its log. Gives way to a flash and comes back
 * where the board then is; a lost link is opened again as soon as it can be. Ends when stopped.
 * @throws ProblemError where the port cannot be opened at first
 */
export async function monitorPort(request: MonitorRequest, open: OpenPort, onEvent: (event: RunEvent) => void): Promise<PortMonitor> {
  const monitor = new Monitor(request, open, onEvent);
  await monitor.connect();
  return monitor;
}

class Monitor implements PortMonitor {
  private readonly abort = new AbortLike();
  private readonly seen: PredictionEvent[] = [];
  private session: Session | undefined;
  private portPath: string;
  private listening: Disposable[] = [];
  private retry: NodeJS.Timeout | undefined;
  private paused = false;
  /** Unit of a count of the board's sensor, where it has one. */
  private scale: number | undefined;
  private finish!: () => void;
  readonly done = new Promise<void>((resolve) => (this.finish = resolve)).then(() => summaryOf(this.seen));
  /** The port's: pauses for a flash, resumes under whatever path the board then has. */
  private readonly owner: PausableOwner = {
    pause: async () => {
      this.paused = true;
      await this.release();
      this.tell('paused', 'Paused for a flash');
    },
    resume: async (portPath) => {
      this.paused = false;
      this.portPath = portPath;
      await this.connect().catch((error: unknown) => this.lost(error));
    },
  };

  constructor(private readonly request: MonitorRequest, private readonly open: OpenPort, private readonly onEvent: (event: RunEvent) => void) {
    this.portPath = request.portPath;
  }

  get stats(): LinkStats | undefined {
    return this.session?.stats;
  }

  async connect(): Promise<void> {
    const { baud, hello } = this.request;
    const link = await this.open(this.portPath, baud, this.owner);
    if (this.abort.aborted || this.paused) return link.close(); // asked for while the port was being opened
    const session = new Session(link, HELLO);
    this.session = session;
    this.listening = [
      tellText(session, this.onEvent),
      session.onRestart((now) => {
        this.greet(now);
        void tellSensor(session, this.onEvent, this.abort).then((scale) => (this.scale = scale));
      }),
      session.onResult((result) => this.predict(result, session)),
      session.onSamples((samples) => this.scale !== undefined && this.onEvent(samplesEvent(samples, this.scale))),
      session.onClose((error) => this.lost(error)),
    ];
    this.tell('live', 'Listening');
    if (!hello) return;
    await session.hello(this.abort).then((now) => this.greet(now), (error: unknown) => this.silent(error));
    this.scale = await tellSensor(session, this.onEvent, this.abort);
  }

  // Nothing is fed: the board measures by itself.
  hold(): void {}
  step(): void {}
  go(): void {}

  send(line: string): Promise<void> {
    return this.session ? this.session.send(new TextEncoder().encode(`${line}\n`)) : Promise.resolve();
  }

  async stop(): Promise<void> {
    this.abort.abort();
    clearTimeout(this.retry);
    await this.release();
    this.onEvent({ kind: 'closed' });
    this.finish();
  }

  /** Firmware of ours: who it is, and whether its model is the one that is asked about. */
  private greet({ firmware, modelHash, arenaBytes, clockHz, board, model }: Hello): void {
    const known = this.request.model;
    this.onEvent({
      kind: 'connected', hello: { protocol: PROTOCOL_VERSION, firmware, modelHash, arenaBytes, clockHz }, board: { id: board, name: board },
      labels: this.isKnown(modelHash) ? known!.labels : [], layers: [], modelledUs: [], basis: `${board}, ${firmware}`,
    });
    if (known && !this.isKnown(modelHash)) {
      this.onEvent({ kind: 'text', text: `This board runs ${model} (${toHex32(modelHash)}), not the model that was named (${known.modelHashes.map(toHex32).join(', ')}), or it was built with another RAM budget: flash it to read its predictions` });
    }
  }

  private isKnown = (modelHash: number): boolean => this.request.model?.modelHashes.includes(modelHash) === true;

  private predict(result: InferResult, session: Session): void {
    const { model } = this.request;
    const isWhole = model && result.output.length >= byteLengthOf(model.output.dtype, elementCount(model.output.shape));
    if (!isWhole || !session.lastHello || !this.isKnown(session.lastHello.modelHash)) {
      this.onEvent({ kind: 'text', text: `a result of ${result.output.length} bytes: ${[...result.output.subarray(0, 16)].join(' ')}` });
      return;
    }
    const event = predictionOf({ output: model.output, labels: model.labels }, { index: -1 }, result);
    this.seen.push(event);
    if (this.seen.length > SUMMARIZED) this.seen.shift();
    this.onEvent(event);
  }

  /** No answer to hello: any sketch, whose text is all there is. */
  private silent(error: unknown): void {
    if (isCancelled(error) || this.paused || this.abort.aborted) return;
    const code = error instanceof ProblemError ? error.problem.code : '';
    if (code === 'TINYML-LINK-CLOSED') return;
    this.tell('live', 'Listening: a sketch without our link');
  }

  private lost(error: unknown): void {
    if (this.abort.aborted || this.paused) return;
    void this.release();
    const why = error instanceof Error ? problemOfUnknown(error).title.replace(/^Internal error: /, '') : '';
    this.tell('lost', `Link lost${why ? ` (${why})` : ''}. Reconnects by itself.`);
    clearTimeout(this.retry);
    this.retry = setTimeout(() => void this.connect().catch(() => this.lost(undefined)), RETRY_MS);
  }

  private async release(): Promise<void> {
    const { session } = this;
    const listening = this.listening.splice(0);
    this.session = undefined;
    // What has not ended yet, a line or a frame, is told by that. A port that cannot be closed is gone already.
    await session?.close().catch(() => {});
    for (const subscription of listening) subscription.dispose();
  }

  private linkState: 'live' | 'paused' | 'lost' | undefined;

  /** A port that stays away is one event. */
  private tell(state: 'live' | 'paused' | 'lost', text: string): void {
    if (state !== 'lost' || this.linkState !== 'lost') this.onEvent({ kind: 'link', state, text });
    this.linkState = state;
  }
}

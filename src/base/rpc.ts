import { CancelledError, isCancelled, type CancelSignal } from './cancel';
import type { Disposable } from './disposable';
import type { Event } from './event';
import type { Progress } from './progress';
import { ProblemError, problemOfUnknown, type Problem } from './problem';

/**
 * Typed requests over any pair of message ports (webview, worker thread, child process): every request gets exactly one
 * reply, an error reply carries a Problem, a request can be cancelled and can report progress. Version mismatch is an error
 * reply, never a silent misreading.
 */
export const RPC_VERSION = 1;

/** A contract: requests by name with their argument and result, notices by name with their payload. Use type aliases, not interfaces. */
export interface RpcContract {
  requests: Record<string, { params: unknown; result: unknown }>;
  notices: Record<string, unknown>;
}

type Message =
  | { rpc: number; kind: 'request'; id: number; method: string; params: unknown }
  | { rpc: number; kind: 'reply'; id: number; result?: unknown; problem?: Problem; others?: readonly Problem[]; cancelled?: true }
  | { rpc: number; kind: 'cancel'; id: number }
  | { rpc: number; kind: 'progress'; id: number; progress: Progress }
  | { rpc: number; kind: 'notice'; method: string; params: unknown };

export interface RpcPort {
  send(message: unknown): void;
  readonly onMessage: Event<unknown>;
}

export interface RequestOptions {
  readonly signal?: CancelSignal;
  readonly progress?: (progress: Progress) => void;
}

export interface RequestContext {
  readonly signal: CancelSignal;
  progress(progress: Progress): void;
}

export type Handlers<C extends RpcContract> = {
  [M in keyof C['requests']]: (params: C['requests'][M]['params'], context: RequestContext) => Promise<C['requests'][M]['result']> | C['requests'][M]['result'];
};
export type NoticeHandlers<C extends RpcContract> = { [M in keyof C['notices']]?: (params: C['notices'][M]) => void };

const isMessage = (value: unknown): value is Message =>
  typeof value === 'object' && value !== null && typeof (value as { rpc?: unknown }).rpc === 'number' && typeof (value as { kind?: unknown }).kind === 'string';

/** Calls the other side. */
export class RpcClient<C extends RpcContract> implements Disposable {
  private nextId = 1;
  private readonly open = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void; progress?: (p: Progress) => void }>();
  private readonly subscription: Disposable;

  constructor(private readonly port: RpcPort, notices: NoticeHandlers<C> = {}) {
    this.subscription = port.onMessage((message) => {
      if (!isMessage(message)) return;
      if (message.kind === 'notice') return (notices as Record<string, ((p: unknown) => void) | undefined>)[message.method]?.(message.params);
      if (message.kind === 'progress') return this.open.get(message.id)?.progress?.(message.progress);
      if (message.kind !== 'reply') return;
      const waiting = this.open.get(message.id);
      this.open.delete(message.id);
      if (message.cancelled) waiting?.reject(new CancelledError());
      else if (message.problem) waiting?.reject(new ProblemError(message.problem, message.others));
      else waiting?.resolve(message.result);
    });
  }

  request<M extends keyof C['requests'] & string>(method: M, params: C['requests'][M]['params'], options: RequestOptions = {}): Promise<C['requests'][M]['result']> {
    if (options.signal?.aborted) return Promise.reject(new CancelledError());
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      const abort = (): void => this.port.send({ rpc: RPC_VERSION, kind: 'cancel', id } satisfies Message);
      const settle = <T>(then: (value: T) => void) => (value: T): void => {
        options.signal?.removeEventListener('abort', abort);
        then(value);
      };
      this.open.set(id, { resolve: settle(resolve as (value: unknown) => void), reject: settle(reject), progress: options.progress });
      options.signal?.addEventListener('abort', abort, { once: true });
      this.port.send({ rpc: RPC_VERSION, kind: 'request', id, method, params } satisfies Message);
    });
  }

  /** The other side is gone: every open request is rejected, so that nothing waits for ever. */
  fail(error: unknown): void {
    const waiting = [...this.open.values()];
    this.open.clear();
    for (const request of waiting) request.reject(error);
  }

  dispose(): void {
    this.subscription.dispose();
    this.fail(new CancelledError());
  }
}

/** Answers the other side; one of the three places that turn an exception into a Problem. */
export class RpcServer<C extends RpcContract> implements Disposable {
  private readonly running = new Map<number, AbortLike>();
  private readonly subscription: Disposable;

  constructor(private readonly port: RpcPort, private readonly handlers: Handlers<C>) {
    this.subscription = port.onMessage((message) => {
      if (!isMessage(message)) return;
      if (message.kind === 'cancel') this.running.get(message.id)?.abort();
      if (message.kind === 'request') void this.answer(message);
    });
  }

  notify<M extends keyof C['notices'] & string>(method: M, params: C['notices'][M]): void {
    this.port.send({ rpc: RPC_VERSION, kind: 'notice', method, params } satisfies Message);
  }

  dispose(): void {
    this.subscription.dispose();
    for (const abort of this.running.values()) abort.abort();
  }

  private async answer(message: Extract<Message, { kind: 'request' }>): Promise<void> {
    const { id, method, params } = message;
    const abort = new AbortLike();
    this.running.set(id, abort);
    const reply = (body: object): void => this.port.send({ rpc: RPC_VERSION, kind: 'reply', id, ...body } as Message);
    try {
      if (message.rpc !== RPC_VERSION) throw new Error(`The panel speaks protocol ${message.rpc}, the extension ${RPC_VERSION}: reload the window`);
      const handler = Object.hasOwn(this.handlers, method) ? this.handlers[method as keyof Handlers<C>] : undefined;
      if (!handler) throw new Error(`No such request: ${method}`);
      const progress = (p: Progress): void => this.port.send({ rpc: RPC_VERSION, kind: 'progress', id, progress: p } satisfies Message);
      reply({ result: await handler(params as never, { signal: abort, progress }) });
    } catch (error) {
      if (isCancelled(error)) reply({ cancelled: true });
      else reply({ problem: problemOfUnknown(error), others: error instanceof ProblemError ? error.others : undefined });
    } finally {
      this.running.delete(id);
    }
  }
}

/** A cancel source without platform types: the pure layers are compiled without DOM and Node. */
export class AbortLike implements CancelSignal {
  private listeners: Array<() => void> = [];
  aborted = false;

  abort(): void {
    if (this.aborted) return;
    this.aborted = true;
    for (const listener of this.listeners.splice(0)) listener();
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    if (this.aborted) listener();
    else this.listeners.push(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.listeners = this.listeners.filter((l) => l !== listener);
  }
}

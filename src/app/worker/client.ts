import { Worker } from 'node:worker_threads';
import type { Disposable } from '../../base/disposable';
import type { Log } from '../../base/log';
import { ProblemError } from '../../base/problem';
import { RpcClient, type RequestOptions } from '../../base/rpc';
import type { EngineContract } from '../engine-contract';
import type { EngineRequests } from '../run-contract';
import type { WorkerContract } from './contract';
import { rpcPortOf } from './port';
import { engineStopped } from './problems';

interface Running {
  readonly worker: Worker;
  readonly rpc: RpcClient<WorkerContract>;
}

/**
 * The engine in a worker thread, started with the first request. When the thread dies, every open request fails with a
 * Problem and the next request starts a new one.
 */
export class EngineClient implements EngineRequests, Disposable {
  private running: Running | undefined;
  private disposed = false;

  /** @param workerPath the bundled `cli/main.ts`, which is the engine's worker too. */
  constructor(private readonly workerPath: string, private readonly log: Log) {}

  request<M extends keyof EngineContract['requests'] & string>(
    method: M,
    params: EngineContract['requests'][M]['params'],
    options: RequestOptions = {},
  ): Promise<EngineContract['requests'][M]['result']> {
    if (this.disposed) return Promise.reject(new ProblemError(engineStopped('The extension is shutting down.')));
    this.running ??= this.start();
    return this.running.rpc.request(method, params, options);
  }

  dispose(): void {
    this.disposed = true;
    const running = this.running;
    this.running = undefined;
    running?.rpc.dispose();
    void running?.worker.terminate();
  }

  private start(): Running {
    this.log.write('debug', `Starting the engine: ${this.workerPath}`);
    const worker = new Worker(this.workerPath);
    const rpc = new RpcClient<WorkerContract>(rpcPortOf(worker), { log: ({ level, message }) => this.log.write(level, message) });
    const running: Running = { worker, rpc };
    let reason: string | undefined;
    worker.on('error', (error) => (reason = error instanceof Error ? (error.stack ?? error.message) : String(error)));
    // `exit` follows `error`, so that one place ends the requests, whatever the thread died of.
    worker.on('exit', (code) => {
      if (this.running === running) this.running = undefined;
      if (this.disposed) return;
      const text = reason ?? `The engine's thread ended with code ${code}.`;
      this.log.write('error', `Engine stopped: ${text}`);
      rpc.fail(new ProblemError(engineStopped(text)));
      rpc.dispose();
    });
    return running;
  }
}

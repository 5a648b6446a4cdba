import type { LogLevel } from '../../base/log';
import type { EngineContract } from '../engine-contract';

/** The engine's requests plus what only the thread boundary needs: its log lines. */
export type WorkerContract = {
  requests: EngineContract['requests'];
  notices: { log: { readonly level: LogLevel; readonly message: string } };
};

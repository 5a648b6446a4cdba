import { parentPort } from 'node:worker_threads';
import type { Task } from '../../base/progress';
import { RpcServer, type RequestContext } from '../../base/rpc';
import { compressModel } from '../compress-model';
import { generateCode } from '../generate-code';
import { inspectModel } from '../inspect-model';
import { loadSamples } from '../load-samples';
import type { WorkerContract } from './contract';
import { rpcPortOf } from './port';

/**
 * Entry of the engine worker: the extension host never blocks on a model (invariant: models are executed in a child process,
 * never here, so that ending this thread is always safe).
 */
if (!parentPort) throw new Error('engine-worker runs as a worker thread only');

const task = (context: RequestContext): Task => ({
  signal: context.signal,
  progress: (progress) => context.progress(progress),
  log: { write: (level, message) => server.notify('log', { level, message }) },
});

const server: RpcServer<WorkerContract> = new RpcServer<WorkerContract>(rpcPortOf(parentPort), {
  inspect: (request, context) => inspectModel(request, task(context)),
  compress: (request, context) => compressModel(request, task(context)),
  generate: (request, context) => generateCode(request, task(context)),
  samples: (request, context) => loadSamples(request, task(context)),
});

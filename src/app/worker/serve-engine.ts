import type { MessagePort } from 'node:worker_threads';
import { RpcServer, type RequestContext } from '../../base/rpc';
import { useCases } from '../engine-direct';
import { ProgramCache, type PlanTask } from '../program-cache';
import type { WorkerContract } from './contract';
import { rpcPortOf } from './port';

/**
 * The engine in a worker thread: the extension host never blocks on a model (invariant: models are executed in a child process,
 * never here, so that ending this thread is always safe).
 */
export function serveEngine(port: MessagePort): void {
  const programs = new ProgramCache();
  const task = (context: RequestContext): PlanTask => ({
    programs,
    signal: context.signal,
    progress: (progress) => context.progress(progress),
    log: { write: (level, message) => server.notify('log', { level, message }) },
  });
  const server: RpcServer<WorkerContract> = new RpcServer<WorkerContract>(rpcPortOf(port), {
    inspect: (request, context) => useCases.inspect(request, task(context)),
    compress: (request, context) => useCases.compress(request, task(context)),
    generate: (request, context) => useCases.generate(request, task(context)),
    samples: (request, context) => useCases.samples(request, task(context)),
    arrays: (request, context) => useCases.arrays(request, task(context)),
    identify: (request, context) => useCases.identify(request, task(context)),
    extendData: (request, context) => useCases.extendData(request, task(context)),
    trace: (request, context) => useCases.trace(request, task(context)),
    explain: (request, context) => useCases.explain(request, task(context)),
    compare: (request, context) => useCases.compare(request, task(context)),
    compareAccuracy: (request, context) => useCases.compareAccuracy(request, task(context)),
    layer: (request, context) => useCases.layer(request, task(context)),
    weights: (request, context) => useCases.weights(request, task(context)),
    graph: (request, context) => useCases.graph(request, task(context)),
    plans: (request, context) => useCases.plans(request, task(context)),
    accuracy: (request, context) => useCases.accuracy(request, task(context)),
    predict: (request, context) => useCases.predict(request, task(context)),
    calibrationModel: (request, context) => useCases.calibrationModel(request, task(context)),
  });
}

import type { InferenceSession, Tensor as OrtNativeTensor } from 'onnxruntime-node';
import { Emitter } from '../../base/event';
import { ProblemError } from '../../base/problem';
import { RpcServer } from '../../base/rpc';
import { appProblems } from '../problems';
import type { OrtContract, OrtTensor } from './ort-contract';

/**
 * Entry of the model runner: the only place that loads onnxruntime, in a process of its own, because ending a thread in which
 * it runs takes the whole process down (invariant 14). It ends when its parent goes.
 */
const messages = new Emitter<unknown>();
process.on('message', (message) => messages.fire(message));
process.on('disconnect', () => process.exit(0));

/**
 * int8 codes stay int8 on x86 too, as on ARM: by default they become uint8 where each is read once, and layers between both
 * kinds then run in float. Source: onnxruntime_session_options_config_keys.h, kOrtSessionOptionsQDQIsInt8Allowed.
 */
const integerOptions = { session: { qdqisint8allowed: '1' } };

const sessions = new Map<number, InferenceSession>();
let nextModel = 1;

async function runtime(): Promise<typeof import('onnxruntime-node')> {
  try {
    return await import('onnxruntime-node');
  } catch (error) {
    throw new ProblemError(appProblems.runnerMissing(error instanceof Error ? error.message : String(error)));
  }
}

const failed = (error: unknown): ProblemError => new ProblemError(appProblems.runnerFailed(error instanceof Error ? error.message : String(error)));

function sessionOf(model: number): InferenceSession {
  const session = sessions.get(model);
  if (!session) throw new Error(`No model ${model} is loaded`);
  return session;
}

new RpcServer<OrtContract>({ send: (message) => void process.send?.(message), onMessage: messages.event }, {
  async load({ bytes }) {
    const ort = await runtime();
    const session = await ort.InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 3, extra: integerOptions }).catch((error: unknown) => {
      throw failed(error);
    });
    sessions.set(nextModel, session);
    return { model: nextModel++, inputs: session.inputNames, outputs: session.outputNames };
  },
  async run({ model, inputs }) {
    const ort = await runtime();
    const session = sessionOf(model);
    const feeds = Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, new ort.Tensor(tensor.type, tensor.data as never, [...tensor.shape])]));
    const results = await session.run(feeds).catch((error: unknown) => {
      throw failed(error);
    });
    return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, plain(tensor)]));
  },
  async unload({ model }) {
    const session = sessions.get(model);
    sessions.delete(model);
    await session?.release();
    return null;
  },
});

const plain = (tensor: OrtNativeTensor): OrtTensor => ({ type: tensor.type as OrtTensor['type'], shape: tensor.dims, data: tensor.data as OrtTensor['data'] });

import type { CompressReport } from '../../app/engine-contract';
import type { Services } from '../services';
import { askQuantization, type Quantizing } from './ask-quantization';
import { compressBeside, type CompressOptions } from './compress-beside';
import { modelTarget } from './model-target';

/** Writes `<stem>.int8.onnx` beside the model and tells what it cost and gained. */
export const quantize = async (services: Services, target?: unknown, options: CompressOptions = {}): Promise<CompressReport | undefined> =>
  compressBeside(services, 'Quantizing', options.change?.quantize ?? 'int8', { path: await modelTarget(target), quantize: 'int8', ...options.change }, options);

/** The same for every kind: asked where `plan` is absent. */
export async function quantizeAs(services: Services, target?: unknown, options: CompressOptions & { readonly plan?: Quantizing } = {}): Promise<CompressReport | undefined> {
  const path = await modelTarget(target);
  const plan = options.plan ?? (await askQuantization());
  return compressBeside(services, 'Quantizing', plan.quantize, { path, ...plan, ...options.change }, options);
}

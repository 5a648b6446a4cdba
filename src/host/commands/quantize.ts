import type { CompressReport } from '../../app/engine-contract';
import type { Services } from '../services';
import { compressBeside, type CompressOptions } from './compress-beside';
import { modelTarget } from './model-target';

/** Writes `<stem>.int8.onnx` beside the model and tells what it cost and gained. */
export const quantize = async (services: Services, target?: unknown, options: CompressOptions = {}): Promise<CompressReport | undefined> =>
  compressBeside(services, 'Quantizing', 'int8', { path: await modelTarget(target), quantize: 'int8', ...options.change }, options);

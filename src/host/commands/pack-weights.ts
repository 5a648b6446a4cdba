import type { CompressReport } from '../../app/engine-contract';
import type { StoreStep } from '../../app/compress/steps';
import type { Services } from '../services';
import { pick } from './pick';
import { compressBeside, type CompressOptions } from './compress-beside';
import { modelTarget } from './model-target';

export interface PackOptions extends CompressOptions {
  /** Asked where absent. */
  readonly plan?: Packing;
}

/** How weights are stored, and whether numbers become codes before. */
interface Packing {
  readonly step: StoreStep;
  readonly quantize?: 'int8';
}

const ways: readonly { readonly label: string; readonly description: string; readonly suffix: string; readonly step: StoreStep }[] = [
  { label: 'Codebook of 16 values', description: 'four bits a weight; usually costs little accuracy', suffix: 'clustered', step: { kind: 'cluster', entries: 16 } },
  { label: 'Codebook of 4 values', description: 'two bits a weight', suffix: 'clustered', step: { kind: 'cluster', entries: 4 } },
  { label: 'Codebook of 256 values', description: 'a byte a weight, of models on real numbers', suffix: 'clustered', step: { kind: 'cluster', entries: 256 } },
  { label: 'Half of the weights zero', description: 'wherever that costs least', suffix: 'sparse', step: { kind: 'sparsify', share: 0.5 } },
  { label: 'Half of the weights zero, in fours', description: 'blocks that kernels for cores without DSP instructions skip', suffix: 'sparse', step: { kind: 'sparsify', share: 0.5, pattern: 'blocks' } },
  { label: 'Two of every four weights zero', description: '2:4', suffix: 'sparse', step: { kind: 'sparsify', pattern: '2:4' } },
];

/** Stores weights as codes or leaves zeros out, fits what is left, and tells what it cost and gained in small C. */
export async function packWeights(services: Services, target?: unknown, options: PackOptions = {}): Promise<CompressReport | undefined> {
  const path = await modelTarget(target);
  const { step, quantize } = options.plan ?? (await askPacking());
  const { suffix } = ways.find((way) => way.step.kind === step.kind)!;
  return compressBeside(services, 'Packing weights', [...(quantize ? [quantize] : []), suffix].join('.'), { path, ...(quantize ? { quantize, after: [step] } : { steps: [step] }) }, options);
}

async function askPacking(): Promise<Packing> {
  const { step, suffix } = await pick(ways, 'Pack weights: how?');
  const { quantize } = await pick([
    { label: 'Quantize to int8 before', description: `<model>.int8.${suffix}`, quantize: 'int8' as const },
    { label: 'As the model is', description: `<model>.${suffix}`, quantize: undefined },
  ], 'Pack weights: of which numbers?');
  return { step, ...(quantize ? { quantize } : {}) };
}

import * as vscode from 'vscode';
import type { CompressReport, CompressRequest, PruneStep } from '../../app/engine-contract';
import { CancelledError } from '../../base/cancel';
import type { Services } from '../services';
import { compressBeside, type CompressOptions } from './compress-beside';
import { modelTarget } from './model-target';

export interface PruneOptions extends CompressOptions {
  /** Asked where absent. */
  readonly step?: Omit<PruneStep, 'kind'>;
  /** Quantize what is left: asked where no step is given. */
  readonly quantize?: 'int8';
}

/** Leaves channels out of a model beside the original, fits what is left again, and tells what it cost and gained. */
export async function prune(services: Services, target?: unknown, options: PruneOptions = {}): Promise<CompressReport | undefined> {
  const model = await modelTarget(target);
  const { step, quantize } = options.step ? { step: options.step, quantize: options.quantize } : await askPlan();
  const request: CompressRequest = { path: model, steps: [{ kind: 'prune', ...step }], ...(quantize ? { quantize } : {}) };
  return compressBeside(services, 'Pruning', ['pruned', ...(quantize ? [quantize] : [])].join('.'), request, options);
}

const targets = [
  { label: 'Fewer multiplications', description: 'less time on the board', measure: 'macs' },
  { label: 'Less flash', description: 'weights and code', measure: 'flash' },
  { label: 'Less RAM', description: 'the arena of activations', measure: 'ram' },
] as const;
const shares = [10, 20, 30, 40, 50, 60, 70];
const USUAL_SHARE = 30;

async function askPlan(): Promise<{ step: Omit<PruneStep, 'kind'>; quantize?: 'int8' }> {
  const { measure } = await pick(targets, 'Prune: what is to shrink?');
  const percents = shares.map((percent) => ({ label: `${percent} % less`, description: percent === USUAL_SHARE ? 'usually costs little' : '', percent }));
  const { percent } = await pick(percents, 'Prune: by how much?');
  const { quantize } = await pick([
    { label: 'Keep real numbers', description: '<model>.pruned.onnx', quantize: undefined },
    { label: 'Quantize to int8 as well', description: '<model>.pruned.int8.onnx', quantize: 'int8' as const },
  ], 'Prune: what then?');
  return { step: { measure, share: percent / 100 }, ...(quantize ? { quantize } : {}) };
}

async function pick<T extends vscode.QuickPickItem>(items: readonly T[], title: string): Promise<T> {
  const picked = await vscode.window.showQuickPick(items, { title, ignoreFocusOut: true });
  if (!picked) throw new CancelledError();
  return picked;
}

import type { FactorizeStep, PruneStep } from '../../app/compress/steps';
import { pick } from './pick';

/** What is to shrink, by how much, and whether numbers become codes as well. */
export interface Reduction {
  /** What the command's own kind of step takes. */
  readonly step: Omit<PruneStep, 'kind'> | Omit<FactorizeStep, 'kind'>;
  readonly quantize?: 'int8';
}

const targets = [
  { label: 'Fewer multiplications', description: 'less time on the board', measure: 'macs' },
  { label: 'Less flash', description: 'weights and code', measure: 'flash' },
  { label: 'Less RAM', description: 'the arena of activations', measure: 'ram' },
] as const;
const shares = [10, 20, 30, 40, 50, 60, 70];
const USUAL_SHARE = 30;

/** `verb` begins each question, `suffix` stands in the names of results. */
export async function askReduction(verb: string, suffix: string): Promise<Reduction> {
  const { measure } = await pick(targets, `${verb}: what is to shrink?`);
  const percents = shares.map((percent) => ({ label: `${percent} % less`, description: percent === USUAL_SHARE ? 'usually costs little accuracy' : '', percent }));
  const { percent } = await pick(percents, `${verb}: by how much?`);
  const { quantize } = await pick([
    { label: 'Keep real numbers', description: `<model>.${suffix}.onnx`, quantize: undefined },
    { label: 'Quantize to int8 as well', description: `<model>.${suffix}.int8.onnx`, quantize: 'int8' as const },
  ], `${verb}: what then?`);
  return { step: { measure, share: percent / 100 }, ...(quantize ? { quantize } : {}) };
}

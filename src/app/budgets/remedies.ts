import type { Fix } from '../../base/problem';
import type { InspectReport } from '../../engine/cost/report';
import type { Resource } from './quantity';
import type { Budget } from './read';

export type RemedyId = 'strips' | 'int8' | 'prune' | 'factorize';

/**
 * What can bring a model under a budget. One entry a remedy, and one in `app/predict-remedy.ts` that says what becomes of the model:
 * the quick fix, its prediction and the text of the command line are made from them. Light, as the extension host loads it.
 */
export interface Remedy {
  readonly id: RemedyId;
  readonly title: string;
  /** Quantities that it can lower. */
  readonly helps: readonly Resource[];
  appliesTo(report: InspectReport): boolean;
  /** `plan`: what the prediction says is to be asked for; where absent the command asks. */
  readonly command: { readonly id: string; args(modelPath: string, plan?: unknown): readonly unknown[] };
}

const isFloat = ({ model }: InspectReport): boolean => model.arithmetic === 'float32';
const planned = (modelPath: string, plan?: unknown): readonly unknown[] => (plan === undefined ? [modelPath] : [modelPath, { plan }]);

/** What loses nothing comes first. */
export const remedies: readonly Remedy[] = [
  {
    id: 'strips',
    title: 'Run the first layers in strips',
    helps: ['ram'],
    appliesTo: ({ arena }) => arena.strips === undefined,
    command: { id: 'tinyml.setMemory', args: planned },
  },
  {
    id: 'int8',
    title: 'Quantize to int8',
    helps: ['flash', 'ram', 'timeUs', 'energyUj'],
    appliesTo: isFloat,
    command: { id: 'tinyml.quantize', args: (modelPath) => [modelPath] },
  },
  {
    id: 'prune',
    title: 'Prune channels',
    helps: ['flash', 'ram', 'macs', 'timeUs', 'energyUj'],
    appliesTo: isFloat,
    command: { id: 'tinyml.prune', args: planned },
  },
  {
    id: 'factorize',
    title: 'Factorize',
    helps: ['flash', 'macs', 'timeUs', 'energyUj'],
    appliesTo: isFloat,
    command: { id: 'tinyml.factorize', args: planned },
  },
];

export const fittingRemedies = ({ resource }: Pick<Budget, 'resource'>, report: InspectReport): readonly Remedy[] => remedies.filter((remedy) => remedy.helps.includes(resource) && remedy.appliesTo(report));

export const remediesFor = (budget: Budget, report: InspectReport): Fix[] =>
  fittingRemedies(budget, report).map(({ title, command }) => ({ title, command: { id: command.id, args: command.args(budget.modelPath) } }));

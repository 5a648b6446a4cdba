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
  /** Why it is nothing for such a model, as a sentence; undefined where it may help. */
  whyNot(report: InspectReport): string | undefined;
  /** `plan`: what the prediction says is to be asked for; where absent the command asks. */
  readonly command: { readonly id: string; args(modelPath: string, plan?: unknown): readonly unknown[] };
}

/** Models on codes are made smaller through the real numbers that the codes stand for. */
const withForm: ReadonlySet<string> = new Set(['float32', 'int8', 'int16', 'mixed']);
const codesWithoutForm = ({ model }: InspectReport): string | undefined =>
  withForm.has(model.arithmetic) ? undefined : `Layers on ${model.arithmetic} cannot be made smaller: start from the float model that this one was made from.`;
const planned = (modelPath: string, plan?: unknown): readonly unknown[] => (plan === undefined ? [modelPath] : [modelPath, { plan }]);

/** What loses nothing comes first. */
export const remedies: readonly Remedy[] = [
  {
    id: 'strips',
    title: 'Run the first layers in strips',
    helps: ['ram'],
    whyNot: ({ arena }) => (arena.strips === undefined ? undefined : 'The first layers run in strips already.'),
    command: { id: 'tinyml.setMemory', args: planned },
  },
  {
    id: 'int8',
    title: 'Quantize to int8',
    helps: ['flash', 'ram', 'timeUs', 'energyUj'],
    whyNot: ({ model }) => (model.arithmetic === 'float32' ? undefined : 'The model is quantized already.'),
    command: { id: 'tinyml.quantize', args: (modelPath) => [modelPath] },
  },
  {
    id: 'prune',
    title: 'Prune channels',
    helps: ['flash', 'ram', 'macs', 'timeUs', 'energyUj'],
    whyNot: codesWithoutForm,
    command: { id: 'tinyml.prune', args: planned },
  },
  {
    id: 'factorize',
    title: 'Factorize',
    helps: ['flash', 'macs', 'timeUs', 'energyUj'],
    whyNot: codesWithoutForm,
    command: { id: 'tinyml.factorize', args: planned },
  },
];

export const fittingRemedies = ({ resource }: Pick<Budget, 'resource'>, report: InspectReport): readonly Remedy[] => remedies.filter((remedy) => remedy.helps.includes(resource) && remedy.whyNot(report) === undefined);

export const remediesFor = (budget: Budget, report: InspectReport): Fix[] =>
  fittingRemedies(budget, report).map(({ title, command }) => ({ title, command: { id: command.id, args: command.args(budget.modelPath) } }));

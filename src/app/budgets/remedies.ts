import type { Fix } from '../../base/problem';
import type { InspectReport } from '../../engine/cost/report';
import type { Resource } from './quantity';
import type { Budget } from './read';

export type RemedyId = 'int8';

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
  /** What predicted figures do not say. */
  readonly caveat: string;
  readonly command: { readonly id: string; args(modelPath: string): readonly unknown[] };
}

export const remedies: readonly Remedy[] = [
  {
    id: 'int8',
    title: 'Quantize to int8',
    helps: ['flash', 'ram', 'timeUs'],
    appliesTo: ({ model }) => model.arithmetic === 'float32' && model.format === 'onnx',
    caveat: 'accuracy is measured when it is done',
    command: { id: 'tinyml.quantize', args: (modelPath) => [modelPath] },
  },
];

export const remediesFor = ({ resource, modelPath }: Budget, report: InspectReport): Fix[] =>
  remedies
    .filter((remedy) => remedy.helps.includes(resource) && remedy.appliesTo(report))
    .map((remedy) => ({ title: remedy.title, command: { id: remedy.command.id, args: remedy.command.args(modelPath) } }));

import type { Fix } from '../../base/problem';
import { lower, lowerAsInFile } from '../../engine/passes/pipeline';
import { estimateRanges } from '../../engine/compress/estimate-ranges';
import { quantizeModel } from '../../engine/compress/quantize-model';
import type { InspectReport } from '../../engine/cost/report';
import type { OpenModel } from '../model-file';
import type { Resource } from './quantity';
import type { Budget } from './read';

/**
 * What can bring a model under a budget. One entry a remedy: the quick fix, its prediction and the text of the command line are made
 * from it.
 */
export interface Remedy {
  readonly id: string;
  readonly title: string;
  /** Quantities that it can lower. */
  readonly helps: readonly Resource[];
  appliesTo(report: InspectReport): boolean;
  /** The model as it would be, for the engine to plan: its sizes are those of the real result. */
  rebuild(open: OpenModel): OpenModel;
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
    rebuild: (open) => {
      // Sizes depend on types and shapes, not on the ranges: guessed ones do.
      const { value } = quantizeModel(open.canonical, { formOf: () => ({ activations: 'int8', weights: 'int8' }), ranges: estimateRanges(open.canonical, { min: -1, max: 1 }) });
      return { ...open, canonical: value, lowered: lower(value), asInFile: lowerAsInFile(value) };
    },
    caveat: 'accuracy is measured when it is done',
    command: { id: 'tinyml.quantize', args: (modelPath) => [modelPath] },
  },
];

export const remediesFor = ({ resource, modelPath }: Budget, report: InspectReport): Fix[] =>
  remedies
    .filter((remedy) => remedy.helps.includes(resource) && remedy.appliesTo(report))
    .map((remedy) => ({ title: remedy.title, command: { id: remedy.command.id, args: remedy.command.args(modelPath) } }));

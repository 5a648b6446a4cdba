import path from 'node:path';
import { compressModel } from '../app/compress-model';
import { quantizeKinds, type QuantizeKind } from '../app/compress/kinds';
import { readRecipe, recipeText } from '../app/compress/recipe';
import { measures, type Measure } from '../app/compress/reduce/measure';
import type { CompressRequest, LayerChoice, MethodStep } from '../app/engine-contract';
import type { TransformStep } from '../app/compress/steps';
import { appProblems } from '../app/problems';
import { exists, writeFiles } from '../app/write-files';
import { ProblemError } from '../base/problem';
import type { ActivationForm, WeightForm } from '../engine/compress/plan';
import { importances } from '../engine/compress/prune/importances';
import { codebookSizes } from '../engine/compress/store/cluster';
import { shareOfPattern, sparsePatterns } from '../engine/compress/store/sparsify';
import { calibrationMethods, type CalibrationMethod } from '../engine/quant/calibration';
import { weightGrids } from '../engine/quant/weight-types';
import { bindingsOf, bindOption } from './bind-option';
import { UsageError, type Command, type Values } from './command';
import { choice, dataOptions, dataOptionsOf, number } from './data-options';
import { compressText } from './compress-text';

const kinds = Object.keys(quantizeKinds);
const steps: readonly MethodStep[] = ['equalize', 'absorb', 'bias', 'reconstruct', 'tune'];
const activationForms: readonly ActivationForm[] = ['int8', 'int16', 'float32'];
const weightForms: readonly WeightForm[] = [...(Object.keys(weightGrids) as WeightForm[]), 'float16', 'float32'];

export const compress: Command = {
  name: 'compress',
  usage: '<model> [--prune <target>] [--factorize <target>] [--quantize <kind>] [--sparsify <share>] [--cluster <entries>]',
  summary: 'a smaller model, with its accuracy measured',
  options: {
    prune: { type: 'string', value: 'target', help: `leave out channels: ${measures.join(', ')}, by a share (macs=30% is 30 % fewer) or down to a number (flash=20000)` },
    factorize: { type: 'string', value: 'target', help: 'split layers into two of lower rank, after --prune where both are given; targets as there' },
    importance: { type: 'string', value: 'rule', help: `how channels are ranked for --prune: ${importances.join(', ')}; otherwise whichever costs least, for each group of layers` },
    'drop-blocks': { type: 'boolean', help: 'let --prune leave out a whole block, where a shortcut leads around it or its shape stays' },
    refit: { type: 'string', value: 'how', help: 'after --prune and --factorize: network (default) fits each layer by least squares, then all of them together by gradient descent; layers leaves out the second' },
    'no-refit': { type: 'boolean', help: 'keep the weights that are left as they are, for comparison' },
    cluster: { type: 'string', value: 'entries', help: `weights of each layer take ${codebookSizes.join(', ')} values, which C stores as codes; after --quantize` },
    sparsify: { type: 'string', value: 'share', help: `weights that become zero, such as 50%, or ${sparsePatterns.filter((pattern) => shareOfPattern(pattern) !== undefined).join(', ')}; C stores the others; after --quantize, before --cluster` },
    'sparse-blocks': { type: 'boolean', help: 'let --sparsify leave out four neighbours at a time, which kernels skip' },
    quantize: { type: 'string', value: 'kind', help: `${kinds.join(', ')}; mixed and auto choose layer by layer` },
    method: { type: 'string', value: 'list', help: `auto (default) tries what helps; plain, or some of ${steps.join(',')}` },
    ranges: { type: 'string', value: 'name', help: `how activation ranges are chosen: ${calibrationMethods.join(', ')}` },
    activations: { type: 'string', value: 'type', help: `numbers between layers: ${activationForms.join(', ')}` },
    'per-tensor': { type: 'boolean', help: 'one scale for all channels of a layer, for comparison' },
    'group-size': { type: 'string', value: 'weights', help: 'for kinds that store weights alone (int4, int2, ternary, binary, hybrid): so many weights of a channel share a scale, such as 32' },
    layers: { type: 'string', value: 'list', help: 'single layers: name=float32, name=int16/int8 (activations/weights), or name=mse (how its range is chosen), separated by commas' },
    'flash-budget': { type: 'string', value: 'size', help: 'for mixed: bytes of flash, or a share of the int8 model\'s such as 60%' },
    'ram-budget': { type: 'string', value: 'bytes', help: 'for mixed: bytes of RAM' },
    recipe: { type: 'string', value: 'file', help: 'steps from a recipe instead of --prune, --factorize and --quantize' },
    'save-recipe': { type: 'string', value: 'file', help: 'write the steps as a recipe, for --recipe' },
    'time-limit': { type: 'string', value: 'seconds', help: 'the automatic mode stops trying after so long (120)' },
    ...dataOptions,
    'data-free': { type: 'string', value: 'min..max', help: 'no data: estimate ranges for inputs between two numbers, such as --data-free=-1..1' },
    board: { type: 'string', value: 'id', help: 'board whose time of an inference is told, and that time=… is about' },
    out: { type: 'string', value: 'file', help: 'where to write; otherwise <model>.<kind>.onnx, never over an existing file' },
    replace: { type: 'boolean', help: 'allow replacing --out' },
    ...bindOption,
  },
  positionals: 1,
  async run({ positionals: [model], values, task }) {
    const request = await requestOf(path.resolve(model), values);
    const recipe = typeof values['save-recipe'] === 'string' ? path.resolve(values['save-recipe']) : undefined;
    if (recipe && values.replace !== true && (await exists(recipe))) throw new ProblemError(appProblems.outExists(recipe));
    const report = await compressModel(request, task);
    if (recipe) await writeFiles([{ path: recipe, content: recipeText(request) }]);
    return { json: report, text: compressText(report) };
  },
};

async function requestOf(model: string, values: Values): Promise<CompressRequest> {
  const text = (name: string): string | undefined => (typeof values[name] === 'string' ? values[name] : undefined);
  const absolute = (name: string): string | undefined => (text(name) === undefined ? undefined : path.resolve(text(name)!));
  const quantize = choice<QuantizeKind>('--quantize', text('quantize'), kinds as QuantizeKind[]);
  const flag = (name: string): boolean => values[name] === true;
  const given = { before: stepsOf(text, flag), store: storeSteps(text, flag) };
  // Codes are clustered, not what they are rounded from.
  const [steps, after] = quantize ? [given.before, given.store] : [[...given.before, ...given.store], []];
  const recipe = absolute('recipe');
  if (recipe && (quantize || steps.length)) throw new UsageError('--recipe says all steps: --prune, --factorize, --quantize, --sparsify and --cluster do not go with it');
  if (!recipe && !quantize && !steps.length) throw new UsageError(`compress needs --prune <target>, --factorize <target>, --sparsify <share>, --cluster <entries>, --recipe <file> or --quantize <kind>: ${kinds.join(', ')}`);
  const activations = choice('--activations', text('activations'), activationForms);
  const ranges = choice<CalibrationMethod>('--ranges', text('ranges'), calibrationMethods);
  const layers = text('layers');
  const budget = budgetOf(text('flash-budget'), number('--ram-budget', text('ram-budget')));
  const groupSize = number('--group-size', text('group-size'));
  if (groupSize !== undefined && !(Number.isInteger(groupSize) && groupSize > 0)) throw new UsageError(`--group-size takes a number of weights such as 32, not "${text('group-size')!}"`);
  const timeLimitSeconds = number('--time-limit', text('time-limit'));
  const free = text('data-free');
  return {
    path: model,
    bindings: bindingsOf(text('bind')),
    ...(recipe ? await readRecipe(recipe) : {}),
    ...(quantize ? { quantize } : {}),
    ...(steps.length ? { steps } : {}),
    ...(after.length ? { after } : {}),
    data: absolute('calibration'),
    dataOptions: dataOptionsOf(text, (name) => values[name] === true),
    ...(text('board') === undefined ? {} : { board: text('board') }),
    out: absolute('out'),
    replace: values.replace === true,
    ...(text('method') === undefined ? {} : { method: methodOf(text('method')!) }),
    ...(ranges ? { ranges } : {}),
    ...(activations ? { activations } : {}),
    ...(values['per-tensor'] === true ? { perTensor: true } : {}),
    ...(groupSize === undefined ? {} : { groupSize }),
    ...(layers ? { layers: layersOf(layers) } : {}),
    ...(budget ? { budget } : {}),
    ...(timeLimitSeconds === undefined ? {} : { timeLimitSeconds }),
    ...(free === undefined ? {} : { dataFree: intervalOf(free) }),
  };
}

function stepsOf(text: (name: string) => string | undefined, flag: (name: string) => boolean): TransformStep[] {
  const [prune, factorize] = [text('prune'), text('factorize')];
  const importance = choice('--importance', text('importance'), importances);
  if (prune === undefined && (importance || flag('drop-blocks'))) throw new UsageError('--importance and --drop-blocks go with --prune');
  const how = choice('--refit', text('refit'), ['network', 'layers'] as const);
  if (how && prune === undefined && factorize === undefined) throw new UsageError('--refit goes with --prune or --factorize');
  if (how && flag('no-refit')) throw new UsageError('--refit and --no-refit do not go together');
  const fitted = how === 'layers' ? { refit: how } : {};
  if (prune === undefined && flag('no-refit') && text('sparsify') === undefined) throw new UsageError('--no-refit goes with --prune or --sparsify');
  return [
    ...(prune === undefined ? [] : [{
      kind: 'prune' as const, ...targetOf('--prune', prune), ...(importance ? { importance } : {}), ...(flag('no-refit') ? { refit: false } : fitted), ...(flag('drop-blocks') ? { dropBlocks: true } : {}),
    }]),
    ...(factorize === undefined ? [] : [{ kind: 'factorize' as const, ...targetOf('--factorize', factorize), ...fitted }]),
  ];
}

/** In this order: a codebook keeps zeros. */
function storeSteps(text: (name: string) => string | undefined, flag: (name: string) => boolean): TransformStep[] {
  const [cluster, sparsify] = [text('cluster'), text('sparsify')];
  if (sparsify === undefined && flag('sparse-blocks')) throw new UsageError('--sparse-blocks goes with --sparsify');
  const entries = codebookSizes.find((size) => String(size) === cluster);
  if (cluster !== undefined && entries === undefined) throw new UsageError(`--cluster is one of ${codebookSizes.join(', ')}, not "${cluster}"`);
  return [...(sparsify === undefined ? [] : [sparsifyOf(sparsify, flag)]), ...(entries === undefined ? [] : [{ kind: 'cluster' as const, entries }])];
}

function sparsifyOf(value: string, flag: (name: string) => boolean): TransformStep {
  const refit = flag('no-refit') ? { refit: false } : {};
  const pattern = sparsePatterns.find((known) => known === value && shareOfPattern(known) !== undefined);
  if (pattern && flag('sparse-blocks')) throw new UsageError(`--sparse-blocks does not go with --sparsify ${pattern}`);
  if (pattern) return { kind: 'sparsify', pattern, ...refit };
  return { kind: 'sparsify', share: shareOf('--sparsify', value), ...(flag('sparse-blocks') ? { pattern: 'blocks' } : {}), ...refit };
}

/** `macs=30%`: that share less; `flash=20000`: no more than that. */
function targetOf(flag: string, value: string): { measure: Measure; share?: number; most?: number } {
  const [name, amount = ''] = value.split('=');
  const measure = choice(flag, name.trim(), measures)!;
  if (!amount.endsWith('%')) return { measure, most: number(flag, amount)! };
  return { measure, share: shareOf(flag, amount) };
}

function shareOf(flag: string, amount: string): number {
  const share = amount.endsWith('%') ? number(flag, amount.slice(0, -1))! / 100 : NaN;
  if (!(share > 0 && share < 1)) throw new UsageError(`${flag} takes a share between 0% and 100%, not "${amount}"`);
  return share;
}

function methodOf(value: string): CompressRequest['method'] {
  if (value === 'auto') return 'auto';
  return value === 'plain' ? [] : value.split(',').map((step) => choice('--method', step.trim(), steps)!);
}

function budgetOf(flash: string | undefined, ramBytes: number | undefined): CompressRequest['budget'] {
  const ram = ramBytes === undefined ? {} : { ramBytes };
  if (flash === undefined) return ramBytes === undefined ? undefined : ram;
  return flash.endsWith('%') ? { ...ram, flashShare: number('--flash-budget', flash.slice(0, -1))! / 100 } : { ...ram, flashBytes: number('--flash-budget', flash)! };
}

function intervalOf(value: string): { min: number; max: number } {
  const [min, max] = value.split('..').map((end) => number('--data-free', end)!);
  if (max === undefined || !(min < max)) throw new UsageError(`--data-free takes the smallest and the largest input, such as --data-free=-1..1, not "${value}"`);
  return { min, max };
}

function layersOf(value: string): Record<string, LayerChoice> {
  return Object.fromEntries(value.split(',').map((entry) => {
    const at = entry.lastIndexOf('=');
    if (at < 1) throw new UsageError(`--layers takes name=form, not "${entry}"`);
    const [name, wanted] = [entry.slice(0, at).trim(), entry.slice(at + 1)];
    const ranges = calibrationMethods.find((method) => method === wanted);
    if (ranges) return [name, { ranges }];
    const [first, weights] = wanted.split('/');
    const activations = choice('--layers', first, activationForms)!;
    return [name, { activations, weights: choice('--layers', weights, weightForms) ?? (activations === 'float32' ? 'float32' : 'int8') }];
  }));
}

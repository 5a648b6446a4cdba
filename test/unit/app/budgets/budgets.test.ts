import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { overBoard } from '../../../../src/app/budgets/board-limits';
import { judge } from '../../../../src/app/budgets/judge';
import { ofNoLayer, parseQuantity, resources } from '../../../../src/app/budgets/quantity';
import { readBudgets, type Budget } from '../../../../src/app/budgets/read';
import { checkBudgets } from '../../../../src/app/check-budgets';
import { directEngine } from '../../../../src/app/engine-direct';
import { predictRemedy } from '../../../../src/app/predict-remedy';
import { remedies, type RemedyId } from '../../../../src/app/budgets/remedies';
import type { CostOf } from '../../../../src/app/budgets/measure';
import type { PredictReport, RemedyRefused } from '../../../../src/app/engine-contract';
import type { MemoryChoice } from '../../../../src/engine/codegen/choose-strips';
import { quietTask } from '../../../../src/base/progress';
import { ProblemError } from '../../../../src/base/problem';
import { inspectModel } from '../../../../src/app/inspect-model';
import { predictedEffect } from '../../../../src/host/present/budget-fixes';
import { copySamples, root } from '../../../support/project';
import { layer, sampleReport } from '../../host/sample-report';

const file = path.resolve('/project/tinyml.json');
const read = (json: unknown): readonly Budget[] => readBudgets(file, JSON.stringify(json, null, 2)).budgets;
const only = (json: unknown): Budget => read({ budgets: { 'm.onnx': json } })[0];

describe('quantities of budgets', () => {
  it('take units', () => {
    assert.equal(parseQuantity('ram', '32 KiB'), 32_768);
    assert.equal(parseQuantity('flash', '1.5 MiB'), 1_572_864);
    assert.equal(parseQuantity('flash', '262,144 B'), 262_144);
    assert.equal(parseQuantity('macs', '2.5 M'), 2_500_000);
    assert.equal(parseQuantity('timeUs', '20 ms'), 20_000);
    assert.equal(parseQuantity('energyUj', '0.5 mJ'), 500);
    assert.equal(parseQuantity('accuracy', '90 %'), 0.9);
    assert.equal(parseQuantity('macs', 7), 7);
  });

  it('refuse what is none', () => {
    for (const wrong of ['32 kiB', '1.2.3', 'ms', '', '-4', '4 ms', null, true, {}]) assert.equal(parseQuantity('ram', wrong), undefined, JSON.stringify(wrong));
    assert.equal(parseQuantity('accuracy', 1.2), undefined);
    assert.equal(parseQuantity('accuracy', '120 %'), undefined);
  });
});

describe('schema of budgets', () => {
  interface Definition {
    readonly properties?: Readonly<Record<string, { readonly $ref?: string; readonly markdownDescription?: string }>>;
    readonly anyOf?: readonly { readonly pattern?: string }[];
    readonly $ref?: string;
  }
  const { definitions } = JSON.parse(fs.readFileSync(path.join(root, 'schemas/tinyml.schema.json'), 'utf8')) as { definitions: Readonly<Record<string, Definition>> };
  const patternOf = (name: string): RegExp => {
    const { anyOf, $ref } = definitions[name];
    return anyOf ? new RegExp(anyOf.find(({ pattern }) => pattern !== undefined)!.pattern!) : patternOf($ref!.split('/').pop()!);
  };

  it('has every quantity that is read', () => {
    assert.deepEqual(Object.keys(definitions.budget.properties!), [...resources, 'boards', 'layers']);
    assert.deepEqual(Object.keys(definitions.layerBudget.properties!), [...resources.filter((resource) => !ofNoLayer.has(resource)), 'boards']);
  });

  it('allows what is understood, and no other units', () => {
    const written = ['7', '32 KiB', '1.5MiB', '262,144 B', '2.5 M', '20 ms', '90 %', '3 s', '4 us', '5 µs', '0.5 mJ', '7 µJ', '6 k', '1 GiB', 'much'];
    for (const resource of resources) for (const text of written) assert.equal(patternOf(resource).test(text), parseQuantity(resource, text) !== undefined || (resource === 'accuracy' && /^7$/.test(text)), `${resource} ${text}`);
  });
});

describe('budgets of tinyml.json', () => {
  it('are read with board, layer and place', () => {
    const text = '{\n  "board": "uno-r4",\n  "budgets": {\n    "a/vww.tflite": {\n      "ram": "32 KiB",\n      "boards": { "pico": { "timeUs": 100 } },\n      "layers": { "conv \\"1\\"": { "macs": 5, "boards": { "x": { "ram": 6 } } } }\n    }\n  }\n}\n';
    const { budgets, board } = readBudgets(file, text);
    assert.equal(board, 'uno-r4');
    assert.deepEqual(budgets.map((b) => [b.modelPath, b.board, b.layer, b.resource, b.limit, b.place.line]), [
      ['/project/a/vww.tflite', 'uno-r4', undefined, 'ram', 32_768, 5],
      ['/project/a/vww.tflite', 'pico', undefined, 'timeUs', 100, 6],
      ['/project/a/vww.tflite', 'uno-r4', 'conv "1"', 'macs', 5, 7],
      ['/project/a/vww.tflite', 'x', 'conv "1"', 'ram', 6, 7],
    ]);
    const { line, columns } = budgets[0].place;
    assert.equal(text.split('\n')[line - 1].slice(columns[0] - 1, columns[1] - 1), '"32 KiB"');
  });

  it('are refused on the line that is wrong', () => {
    for (const [json, line] of [[{ rom: 1 }, 4], [{ ram: 'much' }, 4], [{ layers: { a: { accuracy: 1 } } }, 6], [{ boards: 3 }, 4]] as const) {
      assert.throws(() => only(json), (error) => error instanceof ProblemError && error.problem.code === 'TINYML-BUDGET-FILE' && error.problem.where?.line === line, JSON.stringify(json));
    }
    assert.throws(() => readBudgets(file, '{'), ProblemError);
    assert.deepEqual(read({ models: {} }), []);
  });

  const report = sampleReport({ ramBytes: 36_880, flashBytes: 240_000, layers: [layer(0, { liveBytes: 9_000 }), layer(1, { name: '/block/conv_b/Conv', macs: 500 })] });

  it('are broken, near or kept by the figures of the report', () => {
    const over = judge(only({ ram: '32 KiB' }), { report });
    assert.equal(over.state, 'over');
    assert.equal(over.problem?.title, 'RAM of m.onnx is 36,880 B, over its budget of 32,768 B by 4,112 B (peak at layer\u00a01)');
    assert.deepEqual(over.problem?.fixes.slice(0, 3).map(({ command }) => command?.id), ['tinyml.setMemory', 'tinyml.quantize', 'tinyml.prune']);
    assert.equal(judge(only({ flash: 250_000 }), { report }).problem?.title, 'Flash of m.onnx is at 96 % of 250,000 B: 10,000 B left');
    assert.deepEqual(judge(only({ ram: 36_880 }), { report }).state, 'near');
    assert.deepEqual(judge(only({ ram: 50_000 }), { report }).state, 'kept');
    assert.equal(judge(only({ layers: { conv_b: { macs: 499 } } }), { report }).problem?.title, 'MACs of layer conv_b of m.onnx are 500, over their budget of 499 by 1');
    assert.equal(judge(only({ layers: { '#0': { ram: 9000 } } }), { report }).state, 'near');
    assert.equal(judge(only({ layers: { other: { ram: 9000 } } }), { report }).problem?.code, 'TINYML-BUDGET-LAYER');
  });

  it('of a board are told as the board\'s, without a budget to raise', () => {
    const board = { id: 'b', name: 'Small Board', ramBytes: { value: 32_768, source: '' }, flashBytes: { value: 1e6, source: '' } };
    const [{ problem, budget }, ...others] = overBoard('/project/m.onnx', report, board);
    assert.deepEqual(others, []);
    assert.equal(problem?.title, 'RAM of m.onnx is 36,880 B, over the 32,768 B of Small Board by 4,112 B (peak at layer\u00a01)');
    assert.deepEqual(problem?.fixes.slice(-2).map(({ command }) => command?.id), ['tinyml.chooseBoard', 'tinyml.openModel']);
    assert.equal(budget.board, 'b');
  });

  it('of accuracy are least values, and unknown until measured', () => {
    const accuracy = { right: 314, total: 360, low: 0, high: 1 };
    assert.equal(judge(only({ accuracy: '90 %' }), { report, accuracy }).problem?.title, 'Accuracy of m.onnx is 87.2 %, under its budget of 90.0 % by 2.8 points (314 of 360)');
    assert.equal(judge(only({ accuracy: 0.8 }), { report, accuracy }).state, 'kept');
    assert.equal(judge(only({ accuracy: 0.8 }), { report }).problem?.fixes[0].command?.id, 'tinyml.measureAccuracy');
  });

  it('are not called kept by a lower bound, nor without a board for time', () => {
    const partly = sampleReport({ ramBytes: 1000, layers: [layer(0), layer(1, { counted: false })] });
    assert.equal(judge(only({ ram: 2000 }), { report: partly }).state, 'unknown');
    assert.equal(judge(only({ ram: 999 }), { report: partly }).state, 'over');
    assert.match(judge(only({ timeUs: 5 }), { report }).problem!.detail!, /names none/);
    assert.equal(judge(only({ ram: 1 }), { failure: 'It is gone.' }).problem?.detail, 'It is gone.');
  });

  it('are judged by the engine, each model and board once', async () => {
    const folder = copySamples();
    try {
      const project = path.join(folder, 'tinyml.json');
      const json = JSON.parse(fs.readFileSync(project, 'utf8')) as Record<string, unknown>;
      fs.writeFileSync(project, JSON.stringify({ ...json, board: 'uno-sim', budgets: { 'digits/digits.onnx': { ram: '2 KiB', timeUs: '1 s', accuracy: 0.9 }, 'gone.onnx': { ram: 1 } } }));
      const asked: string[] = [];
      const engine = directEngine();
      const counting: typeof engine = { request: (method, params, options) => (asked.push(`${method} ${path.basename((params as { path: string }).path)}`), engine.request(method, params, options)) };
      const verdicts = await checkBudgets(project, counting, quietTask);
      assert.deepEqual(verdicts.map(({ budget, state }) => [budget.resource, state]), [['ram', 'over'], ['timeUs', 'kept'], ['accuracy', 'kept'], ['ram', 'unknown']]);
      assert.deepEqual(asked, ['inspect digits.onnx', 'accuracy digits.onnx', 'inspect gone.onnx']);
    } finally {
      fs.rmSync(path.dirname(folder), { recursive: true, force: true });
    }
  });
});

describe('remedies', () => {
  let folder: string;
  let model: string;
  before(() => {
    folder = copySamples();
    model = path.join(folder, 'digits/digits.onnx');
  });
  after(() => fs.rmSync(path.dirname(folder), { recursive: true, force: true }));

  const board = 'm4-sim';
  type Wanted = CostOf & { readonly limit: number };
  const answer = (remedy: RemedyId, budget: Wanted): Promise<PredictReport | RemedyRefused> => predictRemedy({ path: model, board, remedy, budget }, quietTask);
  const predict = async (remedy: RemedyId, budget: Wanted): Promise<PredictReport> => {
    const predicted = await answer(remedy, budget);
    return 'why' in predicted ? assert.fail(predicted.why) : predicted;
  };

  it('predict what quantizing really brings, without writing a file', async function () {
    this.timeout(120_000);
    const before = fs.readdirSync(path.dirname(model));
    const flash = await predict('int8', { resource: 'flash', limit: 1024 });
    const ram = await predict('int8', { resource: 'ram', limit: 1024 });
    const layerRam = await predict('int8', { resource: 'ram', limit: 1024, layer: '/conv1/Conv' });
    assert.deepEqual(fs.readdirSync(path.dirname(model)), before);
    const { out } = await directEngine().request('compress', { path: model, quantize: 'int8', dataFree: { min: 0, max: 16 } });
    const { totals, layers } = await inspectModel({ path: out, board }, quietTask);
    assert.deepEqual([ram.value, flash.value, layerRam.value], [totals.ramBytes, totals.flashBytes, layers.find(({ name }) => name === '/conv1/Conv')!.liveBytes]);
    assert.equal(predictedEffect({ resource: 'ram', limit: 1024 }, ram), `${totals.ramBytes} B, within the budget; accuracy is measured when it is done`);
    assert.equal(predictedEffect({ resource: 'ram', limit: totals.ramBytes - 40 }, ram), `${totals.ramBytes} B, still over by 40 B; accuracy is measured when it is done`);
    assert.match(predictedEffect({ resource: 'ram', limit: totals.ramBytes }, { ...ram, isAbout: true }), /^about \d+ B, within the budget;/);
    assert.deepEqual(await answer('int8', { resource: 'macs', limit: 1 }), { why: 'It would be 23,680, no less than now.' });
  });

  // What the others bring when they are applied: test/contract/remedies.test.ts.
  it('prune and factorize are planned with sizes for each layer', async () => {
    const pruned = await predict('prune', { resource: 'macs', limit: 17_000 });
    assert.match(pruned.title, /^Prune \d+ of \d+ channels$/);
    assert.deepEqual(Object.keys((pruned.plan as { step: object }).step), ['measure', 'widths']);
    const split = await predict('factorize', { resource: 'macs', limit: 13_000, layer: '/conv2/Conv' });
    assert.equal(split.title, 'Factorize /conv2/Conv');
    assert.deepEqual(Object.keys((split.plan as { step: { ranks: object } }).step.ranks), ['/conv2/Conv']);
    assert.ok(pruned.value <= 17_000 && split.value <= 13_000);
  });

  it('are not offered for codes of other types than int8 and int16, and say why', () => {
    const report = sampleReport({ layers: [layer(0)] });
    const on = (arithmetic: string): (string | undefined)[] => remedies.map(({ whyNot }) => whyNot({ ...report, model: { ...report.model, arithmetic } }));
    assert.deepEqual(on('float32'), [undefined, undefined, undefined, undefined]);
    assert.deepEqual(on('int8').slice(1), ['The model is quantized already.', undefined, undefined]);
    assert.match(on('uint8')[2]!, /^Layers on uint8 cannot be made smaller/);
  });

  it('strips: the plan within the budget is that of the generated C', async () => {
    const limit = 2200;
    const predicted = await predict('strips', { resource: 'ram', limit });
    assert.match(`${predicted.title}; ${predicted.caveat}`, /^Run the first \d+ layers in \d+ strips; same outputs, no MAC more$/);
    assert.ok(predicted.value <= limit);
    const out = path.join(folder, 'strips-c');
    const { arenaBytes } = await directEngine().request('generate', { path: model, isa: 'dsp', out, memory: predicted.plan as MemoryChoice });
    assert.equal(arenaBytes, predicted.value);
    assert.deepEqual(await answer('strips', { resource: 'ram', limit: 100 }), { why: 'Strips of rows do not bring it within the budget.' });
  });

  it('name commands of package.json', () => {
    const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as { contributes: { commands: { command: string }[] } };
    const known = new Set(manifest.contributes.commands.map(({ command }) => command));
    assert.deepEqual(remedies.filter(({ command }) => !known.has(command.id)), []);
  });
});

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { TinymlApi } from '../../src/host/api';
import type { Calibration } from '../../src/app/engine-contract';
import { closeAll, diagnosticsOf, eventually, EXTENSION_ID, inspectorTab, sample, workspaceFolder } from './editor';

const project = (): vscode.Uri => sample('tinyml.json');
const lineOf = (document: vscode.TextDocument, text: string): number => document.getText().split('\n').findIndex((line) => line.includes(text));
const open = async (uri: vscode.Uri): Promise<vscode.TextDocument> => (await vscode.window.showTextDocument(uri)).document;
const hoverText = async (uri: vscode.Uri, position: vscode.Position): Promise<string> =>
  (await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, position)).flatMap(({ contents }) => contents).map((content) => (typeof content === 'string' ? content : content.value)).join('\n');
const api = async (): Promise<TinymlApi> => (await vscode.extensions.getExtension<TinymlApi>(EXTENSION_ID)!.activate());

describe('budgets in the editor', () => {
  let original: string;
  beforeEach(() => {
    original = fs.readFileSync(project().fsPath, 'utf8');
  });
  afterEach(async () => {
    await closeAll();
    fs.writeFileSync(project().fsPath, original);
    await eventually('no budget marked', () => (diagnosticsOf(project()).length ? undefined : true));
  });
  const setBudgets = (budgets: unknown): void => fs.writeFileSync(project().fsPath, JSON.stringify({ ...(JSON.parse(original) as object), board: 'm4-sim', budgets }, null, 2));

  it('marks a broken budget on its value, with quick fixes that say what they bring', async () => {
    setBudgets({ 'digits/digits.onnx': { ram: '2 KiB', flash: '64 KiB' } });
    const [diagnostic, ...others] = await eventually('a broken budget', () => (diagnosticsOf(project()).length ? diagnosticsOf(project()) : undefined));
    assert.deepEqual(others, []);
    assert.equal(diagnostic.severity, vscode.DiagnosticSeverity.Error);
    assert.equal(diagnostic.code, 'TINYML-BUDGET-RAM');
    assert.match(diagnostic.message, /^RAM of digits\/digits\.onnx is 2,560 B, over its budget of 2,048 B by 512 B \(peak at layers?\u00a01/);
    const document = await open(project());
    assert.equal(document.getText(diagnostic.range), '"2 KiB"');

    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', project(), diagnostic.range);
    const titles = actions.map(({ title }) => title);
    assert.ok(titles.some((title) => /^Quantize to int8: \d{3} B, within the budget; accuracy is measured when it is done$/.test(title)), titles.join('\n'));
    assert.ok(titles.some((title) => /^Prune \d+ of \d+ channels: [\d,]+ B, within the budget; accuracy/.test(title)), titles.join('\n'));
    const raise = actions.find(({ title }) => title === 'Set the budget to 2,560 B')!;
    assert.match(await hoverText(project(), diagnostic.range.start), /Broken[\s\S]*\| is \| 2,560 B \| &nbsp;&nbsp;exact \|[\s\S]*\| at most \| 2,048 B \| &nbsp;&nbsp;budget \|/);

    await vscode.workspace.applyEdit(raise.edit!);
    await eventually('nothing but a warning once the budget is raised, before it is saved', () => (diagnosticsOf(project()).every(({ severity }) => severity === vscode.DiagnosticSeverity.Warning) ? true : undefined));
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('judges again when the model changes, and applies the fix', async function () {
    this.timeout(180_000);
    const copy = sample('digits/copy.onnx');
    fs.copyFileSync(sample('digits/digits.onnx').fsPath, copy.fsPath);
    setBudgets({ 'digits/copy.onnx': { layers: { conv1: { ram: 2000 } } } });
    await eventually('a broken budget of a layer', () => (diagnosticsOf(project()).length ? true : undefined));
    const document = await open(project());
    const range = diagnosticsOf(project())[0].range;
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, range);
    const quantize = actions.find(({ title }) => /^Quantize to int8: \d{3} B, within the budget/.test(title));
    assert.ok(quantize?.command, actions.map(({ title }) => title).join('\n'));
    const report = await vscode.commands.executeCommand<{ out: string }>(quantize.command.command, ...(quantize.command.arguments as unknown[]), { data: sample('digits/digits.npz').fsPath });
    fs.copyFileSync(report.out, copy.fsPath);
    await eventually('nothing marked once the model is small', () => (diagnosticsOf(project()).length ? undefined : true));
    fs.rmSync(copy.fsPath);
    fs.rmSync(report.out);
  });

  it('runs the first layers in strips where the quick fix or a setting says so, in generated C too', async function () {
    this.timeout(120_000);
    setBudgets({ 'digits/digits.onnx': { ram: 2200 } });
    await eventually('a broken budget', () => (diagnosticsOf(project()).length ? true : undefined));
    const document = await open(project());
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, diagnosticsOf(project())[0].range);
    const strips = actions.find(({ title }) => /^Run the first \d layers in \d strips: 2,[\d,]+ B, within the budget; same outputs, no MAC more$/.test(title))!;
    assert.ok(strips, actions.map(({ title }) => title).join('\n'));
    await vscode.commands.executeCommand(strips.command!.command, ...(strips.command!.arguments as unknown[]));
    assert.deepEqual((JSON.parse(fs.readFileSync(project().fsPath, 'utf8')) as { models: Record<string, { memory?: unknown }> }).models['digits/digits.onnx'].memory, { ramBudget: '2,200 B' });
    await eventually('a budget that is kept', () => (diagnosticsOf(project()).every(({ severity }) => severity !== vscode.DiagnosticSeverity.Error) ? true : undefined));
    const generate = (): Promise<{ arenaBytes: number; directory: string; strips?: unknown }> => Promise.resolve(vscode.commands.executeCommand<{ arenaBytes: number; directory: string; strips?: unknown }>('tinyml.generateC', sample('digits/digits.onnx'), { replace: true }));
    const inStrips = await generate();
    assert.ok(inStrips.strips && inStrips.arenaBytes <= 2200, JSON.stringify(inStrips.arenaBytes));

    await vscode.commands.executeCommand('tinyml.setMemory', sample('digits/digits.onnx'), { plan: {} });
    assert.equal((await generate()).strips, undefined);
    const settings = vscode.workspace.getConfiguration('tinyml', sample('digits/digits.onnx'));
    await settings.update('ramBudget', '2,200 B', vscode.ConfigurationTarget.Workspace);
    try {
      const { strips: bySetting, arenaBytes, directory } = await generate();
      assert.ok(bySetting && arenaBytes === inStrips.arenaBytes);
      await closeAll();
      fs.rmSync(directory, { recursive: true });
    } finally {
      await settings.update('ramBudget', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  it('asks for accuracy, measures it, and judges by it', async function () {
    this.timeout(120_000);
    setBudgets({ 'digits/digits.onnx': { accuracy: '99 %' } });
    const [unknown] = await eventually('an accuracy that is not known', () => (diagnosticsOf(project()).length ? diagnosticsOf(project()) : undefined));
    assert.equal(unknown.severity, vscode.DiagnosticSeverity.Information);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', project(), unknown.range);
    const measure = actions.find(({ command }) => command?.command === 'tinyml.measureAccuracy')!.command!;
    await vscode.commands.executeCommand(measure.command, ...(measure.arguments as unknown[]));
    const broken = await eventually('a broken accuracy', () => diagnosticsOf(project()).find(({ severity }) => severity === vscode.DiagnosticSeverity.Error));
    assert.match(broken.message, /^Accuracy of digits\/digits\.onnx is 98\.1 %, under its budget of 99\.0 % by 0\.9 points \(353 of 360\)/);
  });

  it('marks the line of a budget that cannot be read', async () => {
    setBudgets({ 'digits/digits.onnx': { ram: 'lots' } });
    const [diagnostic] = await eventually('a wrong budget', () => (diagnosticsOf(project()).length ? diagnosticsOf(project()) : undefined));
    assert.equal(diagnostic.code, 'TINYML-BUDGET-FILE');
    assert.equal((await open(project())).getText(diagnostic.range), '"lots"');
  });

  it('offers the members of a budget by the schema, and explains them', async () => {
    setBudgets({ 'digits/digits.onnx': { ram: 1_000_000 } });
    const document = await open(project());
    const line = await eventually('the budget in the editor', () => (lineOf(document, '"ram"') < 0 ? undefined : lineOf(document, '"ram"')));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(line, 6), '"": 1,\n');
    await vscode.workspace.applyEdit(edit);
    const labels = async (): Promise<string[]> => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>('vscode.executeCompletionItemProvider', document.uri, new vscode.Position(line, 7));
      return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    };
    // The editor's JSON support starts with the first file of its kind.
    let offered = await labels();
    for (let tries = 0; !offered.some((label) => label.includes('timeUs')) && tries < 100; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      offered = await labels();
    }
    const names = async (text: string): Promise<string[]> => {
      const whole = new vscode.WorkspaceEdit();
      whole.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text.replace('|', ''));
      await vscode.workspace.applyEdit(whole);
      const list = await vscode.commands.executeCommand<vscode.CompletionList>('vscode.executeCompletionItemProvider', document.uri, document.positionAt(text.indexOf('|')));
      return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    };
    assert.ok((await names('{ "budgets": { "digits/digits.onnx": { "layers": { "|" } } } }')).includes('/conv1/Conv'));
    assert.ok((await names('{ "budgets": { "|" } }')).includes('gesture/gesture.onnx'));
    assert.ok((await names('{ "board": "|" }')).includes('pico'));
    for (const wanted of ['flash', 'macs', 'timeUs', 'accuracy', 'boards', 'layers']) assert.ok(offered.some((label) => label.includes(wanted)), `${wanted} in ${offered.join(', ')}`);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });
});

describe('figures in sources', () => {
  const folder = (): string => path.join(workspaceFolder(), 'digits/digits-c');
  const source = (): vscode.Uri => sample('digits/digits-c/digits.c');

  before(async () => {
    await vscode.commands.executeCommand('tinyml.generateC', sample('digits/digits.onnx'), { replace: true });
    assert.ok(fs.existsSync(source().fsPath));
  });
  afterEach(closeAll);
  after(() => fs.rmSync(folder(), { recursive: true, force: true }));

  const lenses = async (): Promise<vscode.CodeLens[]> => (await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', source(), 100)).filter(({ command }) => command);

  it('stand above each call of generated C, equal to those of the report', async () => {
    const document = await open(source());
    const report = await (await api()).inspect(sample('digits/digits.onnx').fsPath);
    // The editor asks again when the model has been read; whoever asks for lenses at that moment gets those of before.
    let found = await lenses();
    for (let tries = 0; found.length < 3 * report.layers.length && tries < 50; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      found = await lenses();
    }
    for (const layer of report.layers) {
      const show = found.find(({ command }) => command!.title === `Show layer ${layer.index}`)!;
      const here = found.filter(({ range }) => range.start.line === show.range.start.line).map(({ command }) => command!.title);
      assert.ok(here.includes(`${layer.macs.toLocaleString('en-US')} MACs`), here.join());
      assert.ok(here.includes(`RAM ${layer.liveBytes.toLocaleString('en-US')} B`), here.join());
      assert.match(document.lineAt(show.range.start.line).text, /^ {2}tml_\w+\(/);
      assert.match(await hoverText(source(), show.range.start), new RegExp(`Layer ${layer.index} `));
    }
  });

  it('lead to the inspector, to Python and back to C', async () => {
    const model = sample('digits/digits.onnx').fsPath;
    await vscode.commands.executeCommand('tinyml.showLayer', model, 2);
    await inspectorTab(sample('digits/digits.onnx'));
    await vscode.commands.executeCommand('tinyml.goToLayerSource', model, 2);
    assert.match(path.basename(vscode.window.activeTextEditor!.document.fileName), /^train\.py$/);
    assert.match(vscode.window.activeTextEditor!.document.lineAt(vscode.window.activeTextEditor!.selection.active).text, /self\.conv2 = nn\.Conv2d/);
    await vscode.commands.executeCommand('tinyml.goToLayerCode', model, 2);
    assert.equal(vscode.window.activeTextEditor!.document.fileName, source().fsPath);
    const { active } = vscode.window.activeTextEditor!.selection;
    assert.match(vscode.window.activeTextEditor!.document.lineAt(active).text, /tml_conv2d_f32\(&conv2/);
  });

  it('are not shown for C of a model that has changed since', async () => {
    const model = sample('digits/digits.onnx').fsPath;
    const bytes = fs.readFileSync(model);
    try {
      fs.copyFileSync(sample('gesture/gesture.onnx').fsPath, model);
      await open(source());
      const titles = (await lenses()).map(({ command }) => command!.title);
      assert.deepEqual(titles, ['$(warning) digits.onnx has changed since this was generated: generate again']);
    } finally {
      fs.writeFileSync(model, bytes);
    }
  });

  it('stand beside the layers of a PyTorch source, and can be turned off', async () => {
    const train = sample('digits/train.py');
    const document = await open(train);
    const all = new vscode.Range(0, 0, document.lineCount, 0);
    const hints = async (): Promise<Record<string, string>> =>
      Object.fromEntries(
        (await vscode.commands.executeCommand<vscode.InlayHint[]>('vscode.executeInlayHintProvider', train, all)).map(({ position, label }) => [
          /self\.(\w+)/.exec(document.lineAt(position.line).text)?.[1] ?? String(position.line), typeof label === 'string' ? label : label.map(({ value }) => value).join(''),
        ]),
      );
    const shown = await hints();
    assert.match(shown.conv1, /^→ 320 B flash · 4,608 MACs/);
    assert.match(shown.conv2, /^→ 4\.6 KiB flash · 18\.4 k MACs/);
    assert.match(shown.dense, /^→ 2\.5 KiB flash · 640 MACs/);
    assert.match(shown.dense1, /^→ 4\.1 KiB flash · 1,024 MACs/);
    assert.equal(shown.norm1, 'fused');
    await vscode.workspace.getConfiguration('tinyml').update('inlayHints', false, vscode.ConfigurationTarget.Workspace);
    assert.deepEqual(await hints(), {});
    await vscode.workspace.getConfiguration('tinyml').update('inlayHints', undefined, vscode.ConfigurationTarget.Workspace);
  });
});

describe('a sketch that fills a model\'s input', () => {
  const sketch = (): vscode.Uri => sample('doorbell.ino');
  const header = (): vscode.Uri => sample('small.h');
  before(() => {
    const h = `/* Generated by TinyML Workbench from small.onnx. */\n#define SMALL_INPUT_0_SCALE 0.5f\n#define SMALL_INPUT_0_ZERO_POINT -3\nint small_run(small_model *model);\nstatic inline int8_t *small_input_0(small_model *model) { return 0; }\n`;
    fs.writeFileSync(header().fsPath, h);
    fs.writeFileSync(sketch().fsPath, '#include "small.h"\nstatic small_model model;\nvoid loop() {\n  float celsius = read();\n  int8_t *in = small_input_0(&model);\n  in[0] = (int8_t)celsius;\n  small_run(&model);\n}\n');
  });
  after(async () => {
    await closeAll();
    for (const uri of [header(), sketch()]) fs.rmSync(uri.fsPath);
  });

  it('is warned of a cast, offered the right line, and told what the input takes', async () => {
    const document = await open(sketch());
    const [diagnostic] = await eventually('a warning', () => (diagnosticsOf(sketch()).length ? diagnosticsOf(sketch()) : undefined));
    assert.equal(diagnostic.code, 'TINYML-CAST');
    assert.equal(document.getText(diagnostic.range), '(int8_t)celsius');
    const [fix] = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', sketch(), diagnostic.range);
    assert.equal(fix.title, 'Round and clamp: small_quantize_input_0(celsius)');
    assert.match(await hoverText(sketch(), document.positionAt(document.getText().indexOf('small_input_0') + 2)), /in\[i\] = small_quantize_input_0\(value\);[\s\S]*from −62\.5 to 65 in steps of 0\.5/);
    await vscode.workspace.applyEdit(fix.edit!);
    await eventually('no warning after the fix', () => (diagnosticsOf(sketch()).length ? undefined : true));
    assert.match(document.getText(), /in\[0\] = small_quantize_input_0\(celsius\);/);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });
});

describe('boards of the workspace', () => {
  const file = (): string => path.join(workspaceFolder(), '.tinyml/boards/mine.board.json');
  after(() => fs.rmSync(path.join(workspaceFolder(), '.tinyml'), { recursive: true, force: true }));

  it('have their mistakes marked, and count in budgets', async () => {
    fs.mkdirSync(path.dirname(file()), { recursive: true });
    fs.writeFileSync(file(), JSON.stringify({ id: 'my-board', name: 'Mine', like: 'm4-sim', run: 'rm' }));
    const [diagnostic] = await eventually('a mistake in a board', () => (diagnosticsOf(vscode.Uri.file(file())).length ? diagnosticsOf(vscode.Uri.file(file())) : undefined));
    assert.match(diagnostic.message, /run is not a field of a board/);
    fs.writeFileSync(file(), JSON.stringify({ id: 'my-board', name: 'Mine', like: 'm4-sim', clockHz: 1_000_000 }));
    await eventually('no mistake', () => (diagnosticsOf(vscode.Uri.file(file())).length ? undefined : true));
    const before = fs.readFileSync(project().fsPath, 'utf8');
    try {
      fs.writeFileSync(project().fsPath, JSON.stringify({ ...(JSON.parse(before) as object), board: 'my-board', budgets: { 'digits/digits.onnx': { timeUs: '1 ms' } } }));
      const broken = await eventually('a time over budget at 1 MHz', () => diagnosticsOf(project()).find(({ code }) => code === 'TINYML-BUDGET-TIME'));
      assert.match(broken.message, /1 MHz/);
    } finally {
      fs.writeFileSync(project().fsPath, before);
      await eventually('no budget marked', () => (diagnosticsOf(project()).length ? undefined : true));
    }
  });

  it('are calibrated, and their times then say so', async function () {
    this.timeout(180_000);
    if (!process.env.PATH!.split(path.delimiter).some((folder) => fs.existsSync(path.join(folder, 'avr-gcc')))) this.skip();
    const calibration = await vscode.commands.executeCommand<Calibration>('tinyml.calibrateBoard', { boardId: 'uno-sim' });
    assert.ok(calibration.factor > 0.5 && calibration.factor < 2, String(calibration.factor));
    assert.match(calibration.source, /^Calibrated on Arduino Uno \(simulated\), \d{4}-\d\d-\d\d: \d+ runs/);
  });
});

describe('what other extensions get', () => {
  it('is a port lease with one owner, and reports', async () => {
    const { version, acquirePort, ownerOfPort, onDidChangePortOwner } = await api();
    assert.equal(version, 1);
    const seen: (string | undefined)[] = [];
    const listening = onDidChangePortOwner(({ owner }) => seen.push(owner));
    const lease = acquirePort('/dev/none', 'test monitor', { pause: async () => {}, resume: async () => {} });
    assert.equal(ownerOfPort('/dev/none'), 'test monitor');
    assert.throws(() => acquirePort('/dev/none', 'another'), /test monitor/);
    lease.dispose();
    assert.equal(ownerOfPort('/dev/none'), undefined);
    listening.dispose();
    assert.deepEqual(seen, ['test monitor', undefined]);
  });
});

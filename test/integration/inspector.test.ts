import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { commands } from '../../src/host/commands/table';
import { modelFile, node, port } from '../support/onnx-builder';
import { closeAll, diagnosticsOf, eventually, EXTENSION_ID, inspectorTab, sample, workspaceFolder } from './editor';

/** Native modules that the extension holds: activation and inspection must not load one. */
const NATIVE = /onnxruntime|bindings-cpp|serialport/;

/** Shared objects of this process, as Node's own report lists them. */
function loadedLibraries(): readonly string[] {
  const report = process.report as NodeJS.ProcessReport & { excludeNetwork?: boolean };
  report.excludeNetwork = true; // looking up host names would only take time
  return (report.getReport() as unknown as { sharedObjects: string[] }).sharedObjects;
}

describe('extension', () => {
  it('activates without loading a native module', async () => {
    await vscode.extensions.getExtension(EXTENSION_ID)!.activate();
    assert.deepEqual(loadedLibraries().filter((file) => NATIVE.test(file)), []);
  });

  it('registers every command of its table', async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(commands.map(({ id }) => id).filter((id) => !registered.has(id)), []);
  });
});

describe('model inspector', () => {
  afterEach(closeAll);

  it('opens a model that is clicked', async () => {
    await vscode.commands.executeCommand('vscode.open', sample('digits/digits.onnx'));
    assert.equal((await inspectorTab(sample('digits/digits.onnx'))).isActive, true);
  });

  it('opens a model by command', async () => {
    await vscode.commands.executeCommand('tinyml.openModel', sample('gesture/gesture.onnx'));
    await inspectorTab(sample('gesture/gesture.onnx'));
    assert.deepEqual(loadedLibraries().filter((file) => NATIVE.test(file)), [], 'inspecting needs no native module');
  });

  it('copies the samples into the workspace and opens the first', async () => {
    const folder = await vscode.commands.executeCommand<string>('tinyml.trySamples', vscode.Uri.file(workspaceFolder()));
    try {
      assert.equal(path.basename(folder), 'tinyml-samples');
      assert.equal((await inspectorTab(vscode.Uri.file(path.join(folder, 'digits/digits.onnx')))).isActive, true);
    } finally {
      await closeAll();
      fs.rmSync(folder, { recursive: true });
    }
  });

  it('reports a file that cannot be read in the Problems view, and takes it back when the file is repaired or closed', async () => {
    const broken = sample('broken.onnx');
    fs.writeFileSync(broken.fsPath, fs.readFileSync(sample('digits/digits.onnx').fsPath).subarray(0, 4000));
    await vscode.commands.executeCommand('tinyml.openModel', broken);
    const [diagnostic] = await eventually('a diagnostic on broken.onnx', () => (diagnosticsOf(broken).length ? diagnosticsOf(broken) : undefined));
    assert.equal(diagnostic.severity, vscode.DiagnosticSeverity.Error);
    assert.match(String(diagnostic.code), /^TINYML-/);
    fs.copyFileSync(sample('digits/digits.onnx').fsPath, broken.fsPath);
    await eventually('no diagnostic after the repair', () => (diagnosticsOf(broken).length ? undefined : true));
    fs.writeFileSync(broken.fsPath, '');
    await eventually('a diagnostic on the empty file', () => (diagnosticsOf(broken).length ? true : undefined));
    await closeAll();
    await eventually('no diagnostic after closing', () => (diagnosticsOf(broken).length ? undefined : true));
    fs.rmSync(broken.fsPath);
  });

  it('reads a model again when tinyml.json beside it says how large it is, and keeps a size that is only for this window', async () => {
    const folder = sample('open').fsPath;
    fs.mkdirSync(folder, { recursive: true });
    const open = sample('open/open.onnx');
    const project = sample('tinyml.json').fsPath;
    const before = fs.readFileSync(project, 'utf8');
    fs.writeFileSync(open.fsPath, modelFile({ nodes: [node('Relu', ['x'], ['y'])], inputs: [port('x', [1, 'length'])], outputs: [port('y', [1, 'length'])] }));
    const says = (code: string) => (): true | undefined => (diagnosticsOf(open).some((diagnostic) => diagnostic.code === code) ? true : undefined);
    const nothing = (): true | undefined => (diagnosticsOf(open).length ? undefined : true);
    await vscode.commands.executeCommand('tinyml.openModel', open);
    await eventually('the open size is reported', says('TINYML-ONNX-OPEN'));
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen'); // the question
    assert.deepEqual(await vscode.commands.executeCommand('tinyml.setExtents', open, { extents: { length: 5 }, remember: false }), { length: 5 });
    await eventually('no report with a size for this window', nothing);
    assert.equal(fs.readFileSync(project, 'utf8'), before, 'nothing written');
    await vscode.commands.executeCommand('tinyml.setExtents', open, { extents: { length: 7 }, remember: true });
    const written = JSON.parse(fs.readFileSync(project, 'utf8')) as { models: Record<string, unknown> };
    assert.deepEqual(written.models['open/open.onnx'], { bind: { length: 7 } });
    assert.deepEqual({ ...written, models: { ...written.models, 'open/open.onnx': undefined } }, { ...JSON.parse(before), models: { ...JSON.parse(before).models, 'open/open.onnx': undefined } });
    fs.writeFileSync(project, before);
    await eventually('the open size is reported again', says('TINYML-ONNX-OPEN'));
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    fs.rmSync(folder, { recursive: true });
  });
});

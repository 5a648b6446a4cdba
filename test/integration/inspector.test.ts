import assert from 'node:assert/strict';
import fs from 'node:fs';
import * as vscode from 'vscode';
import { commands } from '../../src/host/commands/table';
import { closeAll, diagnosticsOf, eventually, EXTENSION_ID, inspectorTab, sample } from './editor';

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
});

import path from 'node:path';
import { formatCount } from '../base/units';
import { generateCode } from '../app/generate-code';
import { goals } from '../engine/codegen/choose-kernels';
import { backends, isas } from '../engine/codegen/kernel';
import { layouts } from '../engine/codegen/layouts/package-sources';
import { bindingsOf, bindOption } from './bind-option';
import type { Command } from './command';
import { inputRowsOption, memoryOf, memoryOptions } from './memory-options';
import { stripsText } from './strips-text';

export const codegen: Command = {
  name: 'codegen',
  usage: '<model> --out <dir>',
  summary: 'C99 sources that need no interpreter',
  options: {
    ...bindOption,
    ...memoryOptions,
    ...inputRowsOption,
    out: { type: 'string', value: 'dir', help: 'folder for the sources; otherwise <model>-c' },
    isa: { type: 'string', value: isas.join('|'), help: 'instruction set; otherwise portable C' },
    layout: { type: 'string', value: 'list', help: `packaging: ${layouts.map((layout) => layout.id).join(', ')}; several, or all, share one folder (plain)` },
    optimize: { type: 'string', value: goals.join('|'), help: 'what the C is best at; otherwise speed' },
    backend: { type: 'string', value: backends.join('|'), help: 'library that computes the layers that it can; otherwise our own kernels' },
    'weights-section': { type: 'string', value: 'name', help: 'linker section for the constants, such as .qspi' },
    name: { type: 'string', value: 'name', help: 'C name of the model; otherwise made from the file name' },
    replace: { type: 'boolean', help: 'replace sources that were generated before' },
  },
  positionals: 1,
  async run({ positionals: [model], values, task }) {
    const text = (name: string): string | undefined => values[name] as string | undefined;
    const out = text('out');
    const report = await generateCode(
      { path: path.resolve(model), bindings: bindingsOf(text('bind')), out: out === undefined ? undefined : path.resolve(out), isa: text('isa'), layout: text('layout') ?? 'plain', memory: memoryOf(values), optimize: text('optimize'), backend: text('backend'), weightsSection: text('weights-section'), name: text('name'), replace: values.replace === true },
      task,
    );
    const lines = report.files.map((file) => `  ${file.path}  ${formatCount(file.bytes)} B`);
    return { json: report, text: [`${report.directory}:`, ...lines, `arena ${formatCount(report.arenaBytes)} B, weights ${formatCount(report.weightBytes)} B`, ...(report.strips ? [stripsText(report.strips)] : [])].join('\n') };
  },
};

import fs from 'node:fs';
import path from 'node:path';
import assert from 'node:assert/strict';
import { onnxImporters, ops, tfliteImporters } from '../../src/engine/ops/table';
import type { OpDefinition } from '../../src/engine/ops/op';
import { root } from '../support/project';

/** docs/support.md is made from the ops table, so that it cannot promise what is not there. */

const list = (names: readonly string[]): string => (names.length ? names.join(', ') : '');

function row(op: OpDefinition): string {
  // Several kernels may share a header.
  const kernels = [...new Set((op.kernels ?? []).map((kernel) => kernel.header.file.replace(/^tml_|\.h$/g, '')))];
  const cells = [
    op.name,
    list(Object.keys(op.onnx?.import ?? {}).sort()),
    list(Object.keys(op.tflite?.import ?? {}).sort()),
    list([...(op.onnx?.export || op.onnx?.changesStorageOnly ? ['ONNX'] : []), ...(op.tflite?.export ? ['TFLite'] : [])]),
    op.isView ? 'no code: a view' : list(kernels),
  ];
  return `| ${cells.join(' | ')} |`;
}

function supportText(): string {
  const own = new Set([...ops().values()].flatMap((op) => Object.keys(op.onnx?.import ?? {})));
  const composed = [...onnxImporters().keys()].filter((name) => !own.has(name)).sort();
  const onnxCount = onnxImporters().size;
  const tfliteOwn = new Set([...ops().values()].flatMap((op) => Object.keys(op.tflite?.import ?? {})));
  const tfliteComposed = [...tfliteImporters().keys()].filter((name) => !tfliteOwn.has(name)).sort();
  const tfliteCount = tfliteImporters().size;
  return `# What is supported

Made from the table of ops by \`TINYML_UPDATE_GOLDEN=1 npm test -- golden --grep support\`; a test keeps it current. ${onnxCount} ONNX ops and ${tfliteCount} TFLite
operators are understood: shapes, costs and reference evaluation. Whatever else a file holds is shown by name, counted as unknown, and
refused by name when C is generated. An op without a kernel is refused likewise, unless it folds away because its inputs are constant.

| op | ONNX | TFLite | written as | C kernels |
|---|---|---|---|---|
${[...ops().values()].filter((op) => op.family !== 'unknown' && !op.isHandedOver).sort((a, b) => (a.name < b.name ? -1 : 1)).map(row).join('\n')}

ONNX ops that become several of these, or vanish: ${composed.join(', ')}.

TFLite operators likewise: ${tfliteComposed.join(', ')}.
`;
}

describe('docs/support.md', () => {
  it('says what is supported', () => {
    const file = path.join(root, 'docs/support.md');
    const text = supportText();
    if (process.env.TINYML_UPDATE_GOLDEN === '1') fs.writeFileSync(file, text);
    assert.equal(fs.readFileSync(file, 'utf8'), text, 'docs/support.md is not current: run with TINYML_UPDATE_GOLDEN=1');
  });
});

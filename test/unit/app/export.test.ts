import assert from 'node:assert/strict';
import path from 'node:path';
import { directEngine } from '../../../src/app/engine-direct';
import { memoryPicture } from '../../../src/app/export/memory-picture';
import { csvCell, csvOf, markdownOf } from '../../../src/app/export/tables';
import { root } from '../../support/project';
import { layer, sampleReport } from '../host/sample-report';

/** A reader of CSV after RFC 4180, written for this test. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    rows[rows.length - 1].push(quoted === undefined ? plain : quoted.replace(/""/g, '"'));
    if (end === '\r\n') rows.push([]);
    if (end === '') break;
  }
  return rows.filter((row) => row.length > 1);
}

describe('export', () => {
  it('writes CSV that another reader takes back, numbers plain', async () => {
    const report = await directEngine().request('inspect', { path: path.join(root, 'samples/digits/digits.onnx') });
    const [heads, ...rows] = readCsv(csvOf(report));
    assert.deepEqual(heads, ['#', 'Layer', 'Op', 'Output', 'Type', 'MACs', 'Parameters', 'Flash B', 'RAM B']);
    assert.deepEqual(rows.map((row) => Number(row[5])), report.layers.map((l) => l.macs));
    assert.deepEqual(rows.map((row) => row[1]), report.layers.map((l) => l.name));
    assert.equal(rows.reduce((sum, row) => sum + Number(row[7]), 0), report.totals.weightBytes);
  });

  it('quotes what needs it, and lets no name become a formula', () => {
    assert.equal(csvCell('a,b'), '"a,b"');
    assert.equal(csvCell('say "x"'), '"say ""x"""');
    assert.equal(csvCell('=1+1'), '\'=1+1');
    assert.equal(csvCell(-5), '-5');
    const report = sampleReport({ layers: [layer(0, { name: 'x,"y"\n', counted: false })] });
    const [, row] = readCsv(csvOf(report));
    assert.equal(row[1], 'x,"y"\n');
    assert.equal(row[5], 'unknown');
  });

  it('writes a Markdown table with the totals, and escapes names', () => {
    const text = markdownOf(sampleReport({ layers: [layer(0, { name: 'a|b_c' }), layer(1)] }), 'Test board');
    assert.match(text, /how far off such figures have been:\n\n- Flash: Code is modelled\./);
    assert.match(text, /Board: Test board\./);
    assert.match(text, /\| 0 \| a\\\|b\\_c \|/);
    assert.match(text, /\| Total \|/);
    const lines = text.split('\n').filter((line) => line.startsWith('|'));
    assert.equal(new Set(lines.map((line) => line.replace(/\\\|/g, '').split('|').length)).size, 1, 'as many cells in every line');
  });

  it('draws the memory as one whole SVG file: every tensor, the peak, the limit', async () => {
    const report = await directEngine().request('inspect', { path: path.join(root, 'samples/digits/digits.onnx') });
    const svg = memoryPicture(report, { name: 'Board & <more>', ramBytes: 2048 });
    assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    assert.doesNotMatch(svg, /<script|href=|NaN|undefined/);
    assert.match(svg, /Board &amp; &lt;more&gt;/);
    assert.equal((svg.match(/fill-opacity="0.8"/g) ?? []).length, report.arena.placements.filter((p) => p.bytes > 0).length);
    assert.equal((svg.match(/>peak</g) ?? []).length, report.arena.peakSteps.length);
    assert.match(svg, /2\.0 KiB = board RAM/);
    const opened = [...svg.matchAll(/<([a-z]+)\b[^>]*?(\/?)>|<\/([a-z]+)>/gi)].reduce((depth, [, open, closed, close]) => depth + (close ? -1 : closed || !open ? 0 : 1), 0);
    assert.equal(opened, 0, 'every element is closed');
  });
});

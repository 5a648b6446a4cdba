import assert from 'node:assert/strict';
import type { LayerView } from '../../../src/messages/inspector';
import { cellText, columns, columnWidths, headAsTsv, rowAsTsv } from '../../../webview/inspector/table/columns';
import { rowAfterKey } from '../../../webview/kit/row-keys';
import { filterLayers, nextSort, sortLayers, sumOf, type ColumnId } from '../../../webview/inspector/table/order';

const layer = (index: number, change: Partial<LayerView> = {}): LayerView => ({
  index, name: `conv${index}`, op: 'Conv 3×3', family: 'conv', output: '1×8×8×4', macs: 100, flashBytes: 10, ramBytes: 50, origin: [], overRam: false, ...change,
});
const names = (layers: readonly LayerView[]): string[] => layers.map((l) => l.name);

describe('sorting layers', () => {
  it('goes by click from descending over ascending to the order of execution', () => {
    const first = nextSort(null, 'macs');
    const second = nextSort(first, 'macs');
    assert.deepEqual([first, second, nextSort(second, 'macs')], [{ column: 'macs', descending: true }, { column: 'macs', descending: false }, null]);
    assert.deepEqual(nextSort(second, 'name'), { column: 'name', descending: true });
  });

  it('puts unknown costs at the end in both directions', () => {
    const layers = [layer(0, { macs: 5 }), layer(1, { macs: null }), layer(2, { macs: 9 })];
    assert.deepEqual(names(sortLayers(layers, { column: 'macs', descending: true })), ['conv2', 'conv0', 'conv1']);
    assert.deepEqual(names(sortLayers(layers, { column: 'macs', descending: false })), ['conv0', 'conv2', 'conv1']);
  });

  it('orders names as people count and shapes by their size', () => {
    const layers = [layer(10, { output: '1×4' }), layer(2, { output: '1×100×2' }), layer(1, { output: '1×30' })];
    assert.deepEqual(names(sortLayers(layers, { column: 'name', descending: false })), ['conv1', 'conv2', 'conv10']);
    assert.deepEqual(names(sortLayers(layers, { column: 'output', descending: true })), ['conv2', 'conv1', 'conv10']);
  });

  it('keeps the order of equal rows and does not touch the original', () => {
    const layers = [layer(0), layer(1), layer(2)];
    assert.deepEqual(names(sortLayers(layers, { column: 'macs', descending: true })), ['conv0', 'conv1', 'conv2']);
    assert.equal(sortLayers(layers, null), layers);
  });
});

describe('filtering layers', () => {
  const layers = [layer(0, { name: 'block1/dw', op: 'DWConv 3×3' }), layer(1, { name: 'block1/pw' }), layer(2, { name: 'head', origin: ['Relu block2/relu'] })];
  it('finds words in name, op and origin, whatever the case', () => {
    assert.deepEqual(names(filterLayers(layers, 'BLOCK1')), ['block1/dw', 'block1/pw']);
    assert.deepEqual(names(filterLayers(layers, 'dwconv')), ['block1/dw']);
    assert.deepEqual(names(filterLayers(layers, 'relu')), ['head']);
  });
  it('wants every word', () => assert.deepEqual(names(filterLayers(layers, ' block1  dw ')), ['block1/dw']));
  it('leaves all rows for an empty text, the same array', () => assert.equal(filterLayers(layers, '  '), layers));
  it('sums what is counted', () => assert.equal(sumOf([layer(0, { macs: null }), layer(1, { macs: 7 })], 'macs'), 7));
});

describe('cells', () => {
  it('writes unknown as a word and zero as zero', () => {
    assert.equal(cellText(layer(0, { macs: null }), 'macs'), 'unknown');
    assert.equal(cellText(layer(0, { macs: 0 }), 'macs'), '0');
    assert.equal(cellText(layer(0, { macs: 1234567 }), 'macs'), '1,234,567');
  });

  it('copies a row with a value per column and numbers that a spreadsheet reads', () => {
    assert.equal(rowAsTsv(layer(3, { macs: 1234567, ramBytes: null })), '3\tconv3\tConv 3×3\t1×8×8×4\t1234567\t10\tunknown');
    assert.equal(headAsTsv(), '#\tLayer\tOp\tOutput\tMACs\tFlash B\tRAM B');
    assert.equal(headAsTsv().split('\t').length, columns.length);
  });

  it('grows columns with their longest number', () => {
    const totals = { macs: '100', flashBytes: '10', ramBytes: 'peak 50' };
    const width = (macs: number): number => parseInt(columnWidths([layer(0, { macs })], totals)['--w-macs'], 10);
    assert.ok(width(1_234_567_890) > width(1_234_567));
  });

  it('knows every column once', () => {
    const ids: readonly ColumnId[] = columns.map((c) => c.id);
    assert.equal(new Set(ids).size, ids.length);
  });
});

describe('keys of the table', () => {
  it('moves by row, page and to the ends, and stops there', () => {
    assert.equal(rowAfterKey('ArrowDown', 3, 10, 4), 4);
    assert.equal(rowAfterKey('ArrowDown', 9, 10, 4), 9);
    assert.equal(rowAfterKey('ArrowUp', 0, 10, 4), 0);
    assert.equal(rowAfterKey('PageDown', 3, 10, 4), 7);
    assert.equal(rowAfterKey('PageDown', 8, 10, 4), 9);
    assert.equal(rowAfterKey('PageUp', 3, 10, 4), 0);
    assert.equal(rowAfterKey('Home', 5, 10, 4), 0);
    assert.equal(rowAfterKey('End', 5, 10, 4), 9);
  });
  it('starts at the near end without a selection', () => {
    assert.equal(rowAfterKey('ArrowDown', -1, 10, 4), 0);
    assert.equal(rowAfterKey('ArrowUp', -1, 10, 4), 9);
  });
  it('leaves other keys and empty tables alone', () => {
    assert.equal(rowAfterKey('x', 0, 10, 4), undefined);
    assert.equal(rowAfterKey('toString', 0, 10, 4), undefined);
    assert.equal(rowAfterKey('ArrowDown', -1, 0, 4), undefined);
  });
});

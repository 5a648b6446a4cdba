import assert from 'node:assert/strict';
import type { LayerView } from '../../../src/messages/inspector';
import { rowAfterKey } from '../../../webview/kit/row-keys';
import { itemsOf, keyOf, keyOfBlock } from '../../../webview/inspector/table/blocks';
import { columnOf, columns, headAsTsv, numberText, rowAsTsv, shownColumns, together } from '../../../webview/inspector/table/columns';
import { nextSort, sortLayers } from '../../../webview/inspector/table/order';
import { afterClick, keysOf, range } from '../../../webview/inspector/table/selection';
import { layoutOf } from '../../../webview/inspector/table/widths';
import { countText } from '../../../webview/inspector/table/count';
import type { InspectorView } from '../../../src/messages/inspector';
import { layerView as layer } from '../../support/layer-view';

const names = (layers: readonly LayerView[]): string[] => layers.map((l) => l.name);
const standard = shownColumns(null, false);

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

describe('cells', () => {
  it('writes unknown as a word and zero as zero', () => {
    assert.equal(columnOf('macs').text(layer(0, { macs: null }), {}), 'unknown');
    assert.equal(columnOf('macs').text(layer(0, { macs: 0 }), {}), '0');
    assert.equal(columnOf('macs').text(layer(0, { macs: 1234567 }), {}), '1,234,567');
    assert.equal(columnOf('macs').text(layer(0, { macs: 1234567 }), { short: true }), '1.23 M');
    assert.equal(columnOf('timeUs').text(layer(0, { timeUs: 17591 }), {}), '17.59');
  });

  it('copies a row with a value per column, the whole name, and numbers that a spreadsheet reads', () => {
    const shown = standard.filter(({ id }) => id !== 'share');
    assert.equal(rowAsTsv(layer(3, { name: 'a/conv3', title: 'conv3', macs: 1234567, ramBytes: null }), shown, {}), '3\ta/conv3\tConv 3×3\t1×8×8×4\t1234567\t10\tunknown');
    assert.equal(headAsTsv(shown), '#\tLayer\tOp\tOutput\tMACs\tFlash B\tRAM B');
  });

  it('grows columns with their longest number, and takes bars away before numbers', () => {
    const width = (macs: number): number => Number(/minmax\((\d+)px/.exec(layoutOf([columnOf('macs')], { layers: [layer(0, { macs })], totals: {}, context: {}, widthPx: 1000 }).template)![1]);
    assert.ok(width(1_234_567_890) > width(1_234_567));
    assert.match(layoutOf([columnOf('macs')], { layers: [layer(0)], totals: {}, context: {}, widthPx: 400 }).template, /^\d+px$/);
  });

  it('knows every column once, shows times only where there are some, and hides shapes first where there is little room', () => {
    assert.equal(new Set(columns.map(({ id }) => id)).size, columns.length);
    assert.deepEqual(standard.map(({ id }) => id), ['index', 'name', 'op', 'output', 'macs', 'flashBytes', 'ramBytes', 'share']);
    assert.ok(shownColumns(null, true).some(({ id }) => id === 'timeUs'));
    assert.deepEqual(shownColumns(['index', 'name', 'dead', 'timeUs'], false).map(({ id }) => id), ['index', 'name', 'dead']);
    const fitting = (widthPx: number, macs = 9000): string[] => layoutOf(standard, { layers: [layer(0, { macs })], totals: {}, context: {}, widthPx }).columns.map(({ id }) => id);
    assert.deepEqual(fitting(900), standard.map(({ id }) => id));
    assert.deepEqual(fitting(520), ['index', 'name', 'op', 'macs', 'flashBytes', 'ramBytes', 'share']);
    assert.deepEqual(fitting(520, 9_876_543_210), ['index', 'name', 'macs', 'flashBytes', 'ramBytes'], 'longer numbers need more room');
    assert.deepEqual(fitting(330), ['index', 'name', 'macs', 'flashBytes', 'ramBytes']);
  });

  it('sums costs and takes the peak of RAM', () => {
    const layers = [layer(0, { macs: null, ramBytes: 9 }), layer(1, { macs: 7, ramBytes: 4 })];
    assert.equal(together(layers, columnOf('macs'), {}), 7);
    assert.equal(together(layers, columnOf('ramBytes'), {}), 9);
    assert.equal(together(layers, columnOf('name'), {}), null);
    assert.equal(numberText('share', 0.0666), '6.7');
  });

  it('takes the share of the time where it is known, else of the MACs', () => {
    const totals = { layers: 2, macs: 400, weightBytes: 0, ramBytes: 0, lowerBound: false };
    assert.equal(columnOf('share').value!(layer(0, { macs: 100, timeUs: 30 }), { totals }), 0.25);
    assert.equal(columnOf('share').value!(layer(0, { macs: 100, timeUs: 30 }), { totals: { ...totals, timeUs: 60 } }), 0.5);
  });

  it('counts what the filter leaves, with its part of the MACs', () => {
    const view = { layers: [layer(0, { macs: 3_000_000 }), layer(1, { macs: 1_000_000 })], totals: { macs: 4_000_000 } } as unknown as InspectorView;
    assert.equal(countText(view.layers, view), '2 of 2 layers');
    assert.equal(countText(view.layers.slice(0, 1), view), '1 of 2 layers · 3.00 M MACs (75.0 %)');
  });
});

describe('blocks', () => {
  const layers = [layer(0, { block: 0 }), layer(1, { block: 0 }), layer(2, { block: 1 })];
  it('stand above their layers, folded ones alone', () => {
    assert.deepEqual(itemsOf(layers, true, ['stem', 'head'], new Set([0])).map(keyOf), [keyOfBlock(0), keyOfBlock(1), 2]);
    const [stem] = itemsOf(layers, true, ['stem', 'head'], new Set());
    assert.ok(stem.kind === 'block' && stem.block.title === 'stem' && stem.block.layers.length === 2);
  });
  it('are not there where the table is not grouped', () => assert.deepEqual(itemsOf(layers, false, [], new Set()).map(keyOf), [0, 1, 2]));
});

describe('selection', () => {
  const click = (keys: Partial<{ shiftKey: boolean; ctrlKey: boolean; metaKey: boolean }> = {}) => ({ shiftKey: false, ctrlKey: false, metaKey: false, ...keys });
  const order = [5, 3, 1, 0, 2];
  it('is one row by a click, more with Ctrl, which also takes away', () => {
    const one = afterClick({ selected: null, more: [] }, 3, order, click());
    assert.deepEqual(one, { selected: 3, more: [] });
    const two = afterClick(one, 0, order, click({ ctrlKey: true }));
    assert.deepEqual([...keysOf(two)].sort(), [0, 3]);
    assert.deepEqual(afterClick(two, 0, order, click({ metaKey: true })), { selected: 3, more: [] });
    assert.deepEqual(afterClick({ selected: 3, more: [] }, 3, order, click({ ctrlKey: true })), { selected: null, more: [] });
  });
  it('is a run of rows with Shift, from the same anchor as long as it is held', () => {
    const first = afterClick({ selected: 3, more: [] }, 0, order, click({ shiftKey: true }));
    assert.deepEqual([...keysOf(first)].sort(), [0, 1, 3]);
    assert.deepEqual([...keysOf(range(first, 1, order))].sort(), [1, 3]);
    assert.deepEqual([...keysOf(range(first, 5, order))].sort(), [3, 5]);
    assert.deepEqual(range(first, 3, order), { selected: 3, more: [] });
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

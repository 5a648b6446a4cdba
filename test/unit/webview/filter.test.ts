import assert from 'node:assert/strict';
import type { LayerView } from '../../../src/messages/inspector';
import { completionsAt } from '../../../webview/inspector/filter/complete';
import { filterLayers } from '../../../webview/inspector/filter/match';
import { needsWeights, parseFilter } from '../../../webview/inspector/filter/parse';
import { layerView as layer } from '../../support/layer-view';

const layers: readonly LayerView[] = [
  layer(0, { name: 'stem', op: 'Conv 3×3 /2', macs: 500_000, flashBytes: 300, ramBytes: 40_000, timeUs: 18_000, overRam: true }),
  layer(1, { name: 'block 2/dw', op: 'DWConv 3×3', macs: 160_000, flashBytes: 4096, ramBytes: 33_000, timeUs: 10_000 }),
  layer(2, { name: 'block 2/pw', op: 'Conv 1×1', macs: 1_500_000, flashBytes: 9000, ramBytes: 30_000, timeUs: 30_000, origin: ['Relu act7'] }),
  layer(3, { name: 'post/Loop', op: 'Loop', macs: null, flashBytes: null, ramBytes: null, dtype: 'float32' }),
];
const found = (text: string): number[] => filterLayers(layers, parseFilter(text)).map(({ index }) => index);
const errors = (text: string): string[] => parseFilter(text).errors.map(({ from, to }) => text.slice(from, to));

describe('the filter language', () => {
  it('finds words in name, op and origin, whatever the case; all of them', () => {
    assert.deepEqual(found('BLOCK'), [1, 2]);
    assert.deepEqual(found('relu'), [2]);
    assert.deepEqual(found(' conv  block '), [1, 2]);
    assert.deepEqual(found('3x3'), [0, 1]);
  });

  it('leaves all rows for an empty text, the same array', () => assert.equal(filterLayers(layers, parseFilter('  ')), layers));

  it('op: means the beginning of a word, | is or, quotes keep spaces', () => {
    assert.deepEqual(found('op:conv'), [0, 2]);
    assert.deepEqual(found('op:conv|dw'), [0, 1, 2]);
    assert.deepEqual(found('op:"conv 3x3"'), [0]);
    assert.deepEqual(found('name:"block 2"'), [1, 2]);
    assert.deepEqual(found('stem|loop'), [0, 3]);
    assert.deepEqual(found('dtype:float32'), [3]);
  });

  it('compares numbers with units', () => {
    assert.deepEqual(found('macs>1M'), [2]);
    assert.deepEqual(found('macs>=500k'), [0, 2]);
    assert.deepEqual(found('macs<=160,000'), [1]);
    assert.deepEqual(found('flash>=4KiB'), [1, 2]);
    assert.deepEqual(found('flash>4KiB'), [2]);
    assert.deepEqual(found('flash=300'), [0]);
    assert.deepEqual(found('ram>32KiB'), [0, 1]);
    assert.deepEqual(found('time>15ms'), [0, 2]);
    assert.deepEqual(found('time>18000us'), [2]);
    assert.deepEqual(found('time<0.011s'), [1]);
  });

  it('takes shares of the sum, of RAM of the peak', () => {
    assert.deepEqual(found('macs>50%'), [2]);
    assert.deepEqual(found('time>20%'), [0, 2]);
    assert.deepEqual(found('ram>=80%'), [0, 1]);
  });

  it('negates with ! and -; the unknown is neither small nor large', () => {
    assert.deepEqual(found('!op:conv'), [1, 3]);
    assert.deepEqual(found('-block'), [0, 3]);
    assert.deepEqual(found('!macs>1M'), [0, 1]);
    assert.deepEqual(found('macs<1'), []);
    assert.deepEqual(found('!over unknown'), [3]);
    assert.deepEqual(found('over'), [0]);
  });

  it('top counts among what the other terms leave, and keeps the order', () => {
    assert.deepEqual(found('top:2 macs'), [0, 2]);
    assert.deepEqual(found('op:conv top:1 macs'), [2]);
    assert.deepEqual(found('top:1 macs !stem|pw'), [1]);
    assert.deepEqual(found('top:9 time'), [0, 1, 2]);
  });

  it('marks what cannot be read, and applies the rest', () => {
    assert.deepEqual(errors('op:conv macs>x nope:3 flash>3ms sqnr<20 changed'), ['macs>x', 'nope:3', 'flash>3ms', 'sqnr<20', 'changed']);
    assert.deepEqual(found('op:conv macs>x'), [0, 2]);
    assert.deepEqual(errors('top:5'), ['top:5']);
    assert.deepEqual(errors('top:0 macs'), ['top:0']);
    assert.deepEqual(errors('op:'), ['op:']);
    assert.deepEqual(errors('macs:5'), ['macs:5']);
    assert.deepEqual(errors('""'), ['""']);
    assert.match(parseFilter('output>5%').errors[0].message, /no total/);
    assert.match(parseFilter('sqnr<20').errors[0].message, /quantization/);
  });

  it('is total: no text makes it throw, and every place lies inside of the text', () => {
    const pieces = ['op:', 'macs', '>', '<=', '!', '-', '"', '|', '%', 'top:3', ' ', '5M', 'conv', ':', '\u00b5s', '('];
    let state = 7;
    const next = (n: number): number => (state = (state * 1103515245 + 12345) & 0x7fffffff) % n;
    for (let i = 0; i < 3000; i++) {
      const text = Array.from({ length: next(9) }, () => pieces[next(pieces.length)]).join('');
      const filter = parseFilter(text);
      for (const { from, to } of [...filter.terms, ...filter.errors]) assert.ok(from >= 0 && from < to && to <= text.length, JSON.stringify(text));
      assert.ok(filterLayers(layers, filter).length <= layers.length);
    }
  });

  it('looks at counted weights for dead channels and zeros, and says when it needs them', () => {
    const weights = new Map([[1, { index: 1, elements: 10, zeros: 4, channels: 8, dead: 2 }], [2, { index: 2, elements: 10, zeros: 0, channels: 8, dead: 0 }]]);
    const counted = (text: string): number[] => filterLayers(layers, parseFilter(text), weights).map(({ index }) => index);
    assert.deepEqual(counted('dead>0'), [1]);
    assert.deepEqual(counted('zeros>=40%'), [1]);
    assert.deepEqual(counted('dead=0'), [2], 'layers without channels have none, dead or alive');
    assert.equal(needsWeights(parseFilter('dead>0')), true);
    assert.equal(needsWeights(parseFilter('macs>0')), false);
  });
});

describe('completion in the filter', () => {
  const rows = layers.map((one) => ({ layer: one }));
  const offered = (text: string): string[] => completionsAt(text, text.length, rows).items.map((item) => item.text);
  it('offers keys of the language', () => {
    assert.deepEqual(offered('ma'), ['macs>']);
    assert.deepEqual(offered('op:conv t'), ['time>', 'top:5 macs']);
    assert.deepEqual(offered('!o'), ['op:', 'output>', 'over']);
    assert.deepEqual(offered(''), []);
    assert.deepEqual(offered('conv '), []);
  });
  it('offers the model\'s own values behind a colon and behind |', () => {
    assert.deepEqual(offered('op:'), ['conv', 'dwconv', 'loop']);
    assert.deepEqual(offered('op:conv|d'), ['dwconv']);
    assert.deepEqual(offered('dtype:'), ['float32', 'int8']);
  });
  it('says what it replaces', () => {
    const { from, to } = completionsAt('a !ma b', 5, rows);
    assert.deepEqual([from, to], [3, 5]);
  });
});

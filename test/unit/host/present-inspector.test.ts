import assert from 'node:assert/strict';
import type { Problem } from '../../../src/base/problem';
import type { InspectReport } from '../../../src/engine/cost/report';
import { namedSteps } from '../../../src/host/present/budgets';
import { presentInspector } from '../../../src/host/present/inspector';
import type { BudgetView, InspectorView } from '../../../src/messages/inspector';
import { boardWith, layer, sampleReport } from './sample-report';

const budget = (view: InspectorView, id: BudgetView['id']): BudgetView => view.budgets.find((b) => b.id === id)!;

describe('presentInspector', () => {
  it('shows totals without limits where no board is chosen', () => {
    const view = presentInspector(sampleReport(), undefined);
    assert.equal(view.verdict, undefined);
    assert.equal(budget(view, 'ram').ratio, undefined);
    assert.equal(budget(view, 'ram').value, '1.0');
    assert.equal(budget(view, 'ram').unit, 'KiB');
    assert.equal(budget(view, 'macs').value, '3,000');
    assert.equal(budget(view, 'params').value, '20');
    assert.equal(view.subtitle, 'ONNX · float32 · 1×8×8×1 → 1×10 · 2 layers · file 12,345 B · pytorch 2.4');
  });

  it('carries the basis of each number', () => {
    const view = presentInspector(sampleReport(), undefined);
    assert.deepEqual(view.budgets.map(({ id, basis }) => [id, basis]), [['ram', 'exact'], ['flash', 'modelled'], ['macs', 'exact'], ['params', 'exact']]);
  });

  it('says by how much it does not fit, in which resource', () => {
    const view = presentInspector(sampleReport({ ramBytes: 3000, flashBytes: 5000 }), boardWith(2048, 4096));
    assert.equal(view.verdict?.state, 'over');
    assert.equal(view.verdict?.text, 'Does not fit: RAM +952 B, flash +904 B');
    assert.equal(budget(view, 'ram').state, 'over');
    assert.equal(budget(view, 'ram').emphasis, 'over by 952 B');
    assert.equal(budget(view, 'ram').ratio, 3000 / 2048);
  });

  it('is near from 90 % of a limit on, and fits exactly at it', () => {
    assert.equal(presentInspector(sampleReport({ ramBytes: 900 }), boardWith(1000, 1e6)).verdict?.state, 'near');
    assert.equal(presentInspector(sampleReport({ ramBytes: 1000 }), boardWith(1000, 1e6)).verdict?.state, 'near');
    assert.equal(presentInspector(sampleReport({ ramBytes: 899 }), boardWith(1000, 1e6)).verdict?.state, 'fits');
    assert.equal(presentInspector(sampleReport({ ramBytes: 1001 }), boardWith(1000, 1e6)).verdict?.state, 'over');
  });

  it('gives no verdict for a board without limits', () => {
    assert.equal(presentInspector(sampleReport(), boardWith(undefined, undefined)).verdict, undefined);
  });

  it('marks totals as lower bounds, costs as unknown, and says why C is not generated', () => {
    const report = sampleReport({ layers: [layer(0), layer(1, { counted: false, family: 'unknown', label: 'Loop', name: 'post/Loop', macs: 0 })] });
    const view = presentInspector(report, boardWith(1e6, 1e6));
    assert.equal(view.uncounted, '1 layer not counted');
    assert.equal(view.blocked?.text, 'C is not generated while 1 layer has no kernel.');
    assert.equal(view.blocked?.list, 'post/Loop\tLoop');
    for (const b of view.budgets) assert.match(b.value, /^≥ /, b.id);
    assert.deepEqual([view.layers[1].macs, view.layers[1].flashBytes, view.layers[1].ramBytes], [null, null, null]);
    assert.equal(view.verdict, undefined, 'a lower bound that fits proves nothing');
  });

  it('says of an input without a size that it is the size that is missing, not a kernel', () => {
    const report = sampleReport({ layers: [layer(0), layer(1, { counted: false, name: 'stft' })] });
    const view = presentInspector({ ...report, model: { ...report.model, openExtents: ['sequence'] } }, undefined);
    assert.equal(view.blocked?.text, 'C is not generated while the size of sequence is open: 1 layer cannot be counted.');
  });

  it('still says that it does not fit where the lower bound is over already', () => {
    const report = sampleReport({ ramBytes: 5000, layers: [layer(0, { counted: false })] });
    assert.equal(presentInspector(report, boardWith(1000, 1e6)).verdict?.state, 'over');
  });

  it('marks the layers that need more RAM than the board has', () => {
    const view = presentInspector(sampleReport({ layers: [layer(0, { liveBytes: 100 }), layer(1, { liveBytes: 300 })] }), boardWith(200, 1e6));
    assert.deepEqual(view.layers.map((l) => l.overRam), [false, true]);
  });

  it('puts the worst problem first', () => {
    const problem = (code: string, severity: Problem['severity']): Problem => ({ code, severity, title: code, fixes: [{ title: 'x' }] });
    const view = presentInspector(sampleReport({ problems: [problem('A', 'info'), problem('B', 'error'), problem('C', 'warning'), problem('D', 'error')] }), undefined);
    assert.deepEqual(view.problems.map((p) => p.code), ['B', 'D', 'C', 'A']);
  });

  it('names source layers only where they say more than the name', () => {
    const fused = layer(1, { origin: [{ name: 'conv', op: 'Conv', index: 0 }, { name: 'relu', op: 'Relu', index: 1 }] });
    const view = presentInspector(sampleReport({ layers: [layer(0), fused] }), undefined);
    assert.deepEqual(view.layers.map((l) => l.origin), [[], ['Conv conv', 'Relu relu']]);
  });

  it('is plain data: it crosses to a webview unchanged', () => {
    const view = presentInspector(sampleReport(), boardWith(2048, 4096));
    assert.deepEqual(structuredClone(view), view);
    assert.doesNotMatch(JSON.stringify(view), /\{"0":/, 'no typed arrays: weights never travel');
  });
});

describe('namedSteps', () => {
  it('writes one, a run, and scattered steps', () => {
    assert.equal(namedSteps([3]), 'layer\u00a03');
    assert.equal(namedSteps([2, 3, 4]), 'layers\u00a02–4');
    assert.equal(namedSteps([1, 5]), 'layers 1, 5');
    assert.equal(namedSteps([1, 5, 9, 12]), 'layers 1, 5, 9 and others');
  });
});

describe('time and energy in the budget strip', () => {
  const timed = (time: Partial<NonNullable<InspectReport['time']>>): InspectReport => ({ ...sampleReport(), time: { us: 12_345, basis: 'modelled', lowerBound: false, how: ['counted'], ...time } });
  it('take the place of counts on a board whose core is known', () => {
    const view = presentInspector(timed({ energyUj: 370 }), boardWith(1e6, 1e6));
    assert.deepEqual(view.budgets.map(({ id, value, unit, basis }) => [id, value, unit, basis]).slice(2), [['time', '12.3', 'ms', 'modelled'], ['energy', '0.37', 'mJ', 'modelled']]);
    assert.match(budget(view, 'energy').note, /^30\.0 mW/);
  });
  it('are drawn against budgets, as no board limits them; without one a budget can be set', () => {
    const free = presentInspector(timed({ energyUj: 370 }), boardWith(1e6, 1e6));
    assert.deepEqual(free.budgets.map(({ id, ratio, settable }) => [id, ratio === undefined, settable]).slice(2), [['time', true, 'timeUs'], ['energy', true, 'energyUj']]);
    assert.deepEqual(free.budgets.slice(0, 2).map(({ settable }) => settable), [undefined, undefined]);
    const view = presentInspector(timed({ energyUj: 370 }), boardWith(1e6, 1e6), { timeUs: 10_000, energyUj: 400, ram: 2e6 });
    assert.deepEqual([budget(view, 'time').state, budget(view, 'time').unit, budget(view, 'time').emphasis, budget(view, 'time').ratio], ['over', 'ms of 10 ms', 'over by 2.35 ms', 1.2345]);
    assert.deepEqual([budget(view, 'energy').state, budget(view, 'energy').emphasis, budget(view, 'energy').ratio], ['near', '30 µJ left', 0.925]);
    assert.equal(budget(view, 'ram').state, 'fits', 'the tighter of both is the limit');
    assert.equal(presentInspector(sampleReport({ ramBytes: 900 }), boardWith(1e6, 1e6), { ram: 800 }).verdict?.text, 'Over budget: RAM +100 B');
    assert.equal(view.verdict?.text, 'Over budget: time +2.35 ms');
    assert.equal(presentInspector(sampleReport({ ramBytes: 900 }), undefined, { ram: 1000 }).verdict?.text, 'Within budget, RAM 100 B left');
    assert.equal(budget(presentInspector(sampleReport(), undefined, { macs: 1 }), 'macs').state, 'over');
  });
  it('say where they are a lower bound, calibrated, or not published', () => {
    const view = presentInspector(timed({ lowerBound: true, basis: 'calibrated' }), boardWith(1e6, 1e6));
    assert.deepEqual(view.budgets.map(({ id }) => id), ['ram', 'flash', 'time', 'macs']);
    assert.equal(budget(view, 'time').value, '≥ 12.3');
    assert.match(budget(view, 'time').note, /calibrated on the board/);
  });
});

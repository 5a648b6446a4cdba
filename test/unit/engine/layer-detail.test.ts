import assert from 'node:assert/strict';
import path from 'node:path';
import { directEngine } from '../../../src/app/engine-direct';
import { presentLayer } from '../../../src/host/present/layer';
import { understand } from '../../../src/app/model-file';
import { blocksOf } from '../../../src/engine/cost/blocks';
import type { MemoryChoice } from '../../../src/engine/codegen/choose-strips';
import { planProgram } from '../../../src/engine/codegen/program';
import { modelFile, node, port, tensor } from '../../support/onnx-builder';
import { root } from '../../support/project';
import { layer } from '../host/sample-report';

const engine = directEngine();
const digits = path.join(root, 'samples/digits/digits.onnx');

describe('a layer in detail', () => {
  it('describes every layer of a sample, and what it says agrees with the report', async () => {
    const report = await engine.request('inspect', { path: digits });
    for (const known of report.layers) {
      const detail = await engine.request('layer', { path: digits, layer: known.index });
      assert.deepEqual(detail.layer, known);
      assert.equal(detail.outputs[0].bytes, known.outputBytes);
      if (known.params) assert.equal(detail.inputs.filter((t) => t.constant).reduce((sum, t) => sum + t.shape.reduce((a, b) => a * b, 1), 0), known.params);
      assert.equal(detail.kernel!.constants.reduce((sum, c) => sum + c.bytes, 0), known.weightBytes);
    }
  });

  it('counts weights as a plain loop does: zeros, dead channels, bins', async () => {
    const values = [0, 0, 0, 0, 1, -2, 0.5, 3, -4, 0, 2, 2];
    const bytes = modelFile({ nodes: [node('Conv', ['x', 'w'], ['y'], {}, { name: 'c' })], inputs: [port('x', [1, 4, 2, 2])], outputs: [port('y', [1, 3, 2, 2])], initializers: [tensor('w', 'float32', [3, 4, 1, 1], values)] });
    const request = { path: 'made.onnx', bytes };
    const { layers } = await engine.request('inspect', request);
    const conv = layers.find((l) => l.params > 0)!;
    const { weights } = await engine.request('layer', { ...request, layer: conv.index });
    assert.deepEqual([weights!.elements, weights!.zeros, weights!.channels, weights!.dead, weights!.min, weights!.max], [12, 5, 3, 1, -4, 3]);
    assert.deepEqual(weights!.channelMax, [0, 3, 4]);
    const { counts, from, to } = weights!.histogram;
    assert.equal(counts.reduce((a, b) => a + b, 0), 7, 'all but the zeros');
    const expected = new Array<number>(counts.length).fill(0);
    for (const v of values) if (v !== 0) expected[Math.min(counts.length - 1, Math.floor(((v - from) / (to - from)) * counts.length))]++;
    assert.deepEqual(counts, expected);
    assert.deepEqual((await engine.request('weights', request)).layers, [{ index: conv.index, elements: 12, zeros: 5, channels: 3, dead: 1 }]);
  });

  it('sends counts and bins to the view, never a weight', async () => {
    const detail = await engine.request('layer', { path: digits, layer: 0 });
    const view = presentLayer(detail);
    assert.deepEqual(structuredClone(view), view);
    assert.ok(JSON.stringify(view).length < 20_000);
    assert.ok(view.kernel!.title.startsWith('tml_'));
    assert.doesNotMatch(JSON.stringify(view), /\{"0":/);
  });

  it('takes the time apart into named parts that add up to it', async () => {
    const request = { path: digits, board: 'm4-sim' };
    const report = await engine.request('inspect', request);
    for (const known of report.layers) {
      const { time } = await engine.request('layer', { ...request, layer: known.index });
      assert.equal(time!.us, known.timeUs);
      const instructions = time!.parts.reduce((sum, part) => sum + part.count * part.each, 0);
      assert.ok(Math.abs(((instructions * time!.cyclesPerInstruction) / time!.clockHz) * 1e6 * time!.factor - time!.us) < 1e-6 * time!.us);
      assert.equal(time!.parts[0].count, known.executedMacs);
    }
    const view = presentLayer(await engine.request('layer', { ...request, layer: 2 }));
    assert.match(view.time!.parts[0].formula, /^18,432 MACs × \d+\.\d\d$/);
    assert.match(view.time!.result, /^× \d\.\d\d cycles per instruction ÷ 25 MHz = [\d.]+ (ms|µs)$/);
  });

  it('refuses a layer that is not there, by name of those that are', async () => {
    await assert.rejects(engine.request('layer', { path: digits, layer: 99 }), /layer/);
  });
});

describe('blocks of a network', () => {
  const named = (names: readonly string[], shapes: readonly number[][] = []) => names.map((name, i) => layer(i, { name, outputShape: shapes[i] ?? [1, 4, 4, 4] }));
  it('are the first folders that part the names', () => {
    const found = blocksOf(named(['/model/stft/Pad', '/model/stft/Conv', '/model/encoder/0/Conv', '/model/encoder/1/Conv', '/model/decoder/Gemm', '/model/decoder/Sigmoid']));
    assert.deepEqual(found.names, ['stft', 'encoder', 'decoder']);
    assert.deepEqual(found.blockOf, [0, 0, 1, 1, 2, 2]);
  });
  it('are stages of equal height and width where names have no folders; runs of neighbours only', () => {
    const found = blocksOf(named(['a', 'b', 'c', 'd'], [[1, 8, 8, 4], [1, 8, 8, 8], [1, 4, 4, 8], [1, 8, 8, 4]]));
    assert.deepEqual(found.names, ['8×8', '4×4', '8×8']);
    assert.deepEqual(found.blockOf, [0, 0, 1, 2]);
  });
  it('of nothing are none', () => assert.deepEqual(blocksOf([]), { names: [], blockOf: [] }));
});

describe('other plans of the arena', () => {
  /** Two branches that are read late: in the file's order both wide results wait. */
  const branches = (): Uint8Array =>
    modelFile({
      nodes: [
        node('Tile', ['x', 'n'], ['a'], {}, { name: 'wide1' }), node('Tile', ['x', 'n'], ['b'], {}, { name: 'wide2' }),
        node('ReduceMean', ['a'], ['c'], { axes: [1], keepdims: 1 }, { name: 'small1' }), node('ReduceMean', ['b'], ['d'], { axes: [1], keepdims: 1 }, { name: 'small2' }),
        node('Add', ['c', 'd'], ['y'], {}, { name: 'sum' }),
      ],
      inputs: [port('x', [1, 4])], outputs: [port('y', [1, 1])], initializers: [tensor('n', 'int64', [2], [1, 64])],
    });

  it('layers run in the order that keeps least alive: one branch after the other', async () => {
    const { plans } = await engine.request('plans', { path: 'made.onnx', bytes: branches() });
    const bytes = Object.fromEntries(plans.map((plan) => [plan.id, plan.arena.bytes]));
    assert.ok(bytes.generated < bytes['file-order'] * 0.7, JSON.stringify(bytes));
    assert.equal(plans[0].arena.order.fileOrderBytes, bytes['file-order']);
    assert.ok(bytes.apart >= bytes.generated);
    const inFile = plans.find((plan) => plan.id === 'file-order')!;
    assert.notDeepEqual(inFile.order, plans[0].order);
    assert.deepEqual([...inFile.order].sort((a, b) => a - b), plans[0].order);
  });

  it('with the first layers in strips, and without where they are: each as it would be generated', async () => {
    const inspect = (memory: MemoryChoice) => engine.request('inspect', { path: digits, memory });
    const strips = (await engine.request('plans', { path: digits })).plans.find(({ id }) => id === 'strips')!;
    const generated = await inspect({ patches: 'auto' });
    assert.ok(generated.arena.strips);
    assert.deepEqual(strips.arena, generated.arena);
    assert.equal(strips.order.length, generated.layers.length);
    // Each step is shown as the layer that it is a part of.
    const names = (await inspect({})).layers.map(({ name }) => name);
    assert.ok(strips.order.every((layer, step) => generated.layers[step].name.startsWith(names[layer].split('_output')[0]) || /rows|kept/.test(generated.layers[step].name)), JSON.stringify(strips.order));
    const { plans } = await engine.request('plans', { path: digits, memory: { patches: 'auto' } });
    assert.deepEqual(plans.map(({ id }) => id), ['generated', 'apart', 'whole']);
    assert.equal(plans[2].arena.bytes, (await inspect({ patches: 'off' })).arena.bytes);
    assert.deepEqual(plans[0].order, generated.layers.map(({ index }) => index));
  });

  it('the model in another order has the same nodes, each after those it reads', () => {
    const { lowered } = understand(branches(), 'made.onnx');
    const { model: other } = planProgram(lowered, 'c99');
    assert.deepEqual(new Set(other.graph.nodes), new Set(lowered.graph.nodes));
    const made = new Set(other.graph.inputs);
    const computed = new Set(other.graph.nodes.flatMap((n) => n.outputs));
    for (const n of other.graph.nodes) {
      for (const id of n.inputs) if (id !== undefined && computed.has(id)) assert.ok(made.has(id), n.name);
      for (const id of n.outputs) made.add(id);
    }
  });

  it('a chain has one order, and the plan shown first is that of the generated C', async () => {
    const { plans } = await engine.request('plans', { path: digits });
    const report = await engine.request('inspect', { path: digits });
    assert.deepEqual(plans.map(({ id }) => id).slice(0, 2), ['generated', 'apart']);
    assert.deepEqual(plans[0].arena, report.arena);
    const { lowered } = understand(branches(), 'made.onnx');
    assert.ok(planProgram(lowered, 'c99', { overwrite: false }).arenaBytes >= planProgram(lowered, 'c99').arenaBytes);
  });
});

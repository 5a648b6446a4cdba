import assert from 'node:assert/strict';
import { reportOf } from '../../../src/app/inspect-model';
import { understand } from '../../../src/app/model-file';
import { planProgram } from '../../../src/engine/codegen/program';
import type { InspectReport } from '../../../src/engine/cost/report';
import { readOnnx } from '../../../src/engine/formats/onnx/read';
import type { GraphProto } from '../../../src/engine/formats/onnx/schema';
import { opaque } from '../../../src/engine/ops/opaque';
import { graph, modelFile, node, port, tensor } from '../../support/onnx-builder';
import { branchParts, countedParts } from '../../support/onnx-control-flow';

function report(file: Uint8Array): InspectReport {
  const open = understand(file, 'm.onnx');
  return reportOf(open, planProgram(open.lowered, 'c99'), []);
}

const codes = ({ problems }: InspectReport): string[] => problems.map((problem) => problem.code);

describe('costs of ONNX graphs that run other graphs', () => {
  it('a branch on data costs what the longer way takes, and its weights are counted', () => {
    const { totals, layers, uncounted } = report(modelFile(branchParts));
    assert.deepEqual(uncounted, []);
    assert.equal(layers.find((layer) => layer.op === 'if')!.macs, 4, 'a row of two times a 2×2 matrix');
    assert.equal(totals.lowerBound, false);
    assert.ok(totals.weightBytes >= 16);
  });

  it('a loop of known rounds is counted whole, however many they are', () => {
    const all = report(modelFile(countedParts(300, false)));
    assert.equal(all.totals.macs, 300 * 4);
    assert.equal(all.totals.lowerBound, false);
    assert.equal(all.layers.find((layer) => layer.op === 'loop')!.label, 'Loop ×300');
    assert.ok(!codes(all).includes('TINYML-LOOP-ROUNDS'));
  });

  it('a loop whose rounds the data decide is counted for one, and totals are lower bounds', () => {
    const parts = countedParts(300, false);
    const open = report(modelFile({ ...parts, inputs: [...parts.inputs!, port('rounds', [], 'int64')], initializers: parts.initializers!.slice(1) }));
    assert.equal(open.totals.macs, 4);
    assert.equal(open.totals.lowerBound, true);
    assert.ok(codes(open).includes('TINYML-LOOP-ROUNDS'));
  });

  it('loops inside of loops, thirty deep, are read in bounded time', () => {
    let inner: GraphProto | undefined;
    for (let depth = 0; depth < 30; depth++) {
      const own = [port(`i${depth}`, [], 'int64'), port(`c${depth}`, [], 'bool'), port(`v${depth}`, [1])];
      const nodes = inner ? [node('Loop', ['n', '', `v${depth}`], [`r${depth}`], { body: inner })] : [node('Add', [`v${depth}`, `v${depth}`], [`r${depth}`])];
      inner = graph({ nodes: [...nodes, node('Greater', [`r${depth}`, 'x'], [`g${depth}`]), node('Identity', [`c${depth}`], [`o${depth}`])], inputs: own, outputs: [port(`o${depth}`, [], 'bool'), port(`r${depth}`, [1])] });
    }
    const { model } = readOnnx(modelFile({ nodes: [node('Loop', ['n', '', 'x'], ['y'], { body: inner! })], inputs: [port('x', [1])], outputs: [port('y', [1])], initializers: [tensor('n', 'int64', [], [2])] }), 'm.onnx');
    assert.ok(model.graph.nodes.length < 50_000);
  });

  it('a subgraph that is damaged leaves the layer opaque, with the reason', () => {
    const branch = (read: string): GraphProto => graph({ nodes: [node('Relu', [read], ['q']), node('Relu', ['q'], ['r'])], outputs: [port('r', [1])] });
    const { model, problems } = readOnnx(modelFile({
      nodes: [node('If', ['c'], ['y'], { then_branch: branch('x'), else_branch: branch('r') })], inputs: [port('x', [1]), port('c', [], 'bool')], outputs: [port('y', [1])],
    }), 'm.onnx');
    assert.deepEqual(model.graph.nodes.map(({ op }) => op), [opaque.name]);
    assert.match(problems[0].detail ?? '', /cycle/);
  });
});

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { drawGraph } from '../../../src/app/draw-graph';
import { inspectModel } from '../../../src/app/inspect-model';
import { quietTask } from '../../../src/base/progress';
import { modelFile, node, port, tensor } from '../../support/onnx-builder';
import { temporaryFolder } from '../../support/project';

describe('the network as a drawing', () => {
  let folder: string;
  before(() => (folder = temporaryFolder('drawing')));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, bytes: Uint8Array): string => {
    fs.writeFileSync(path.join(folder, name), bytes);
    return path.join(folder, name);
  };
  const square = (name: string) => tensor(name, 'float32', [4, 4], Array.from({ length: 16 }, (_, i) => (i % 5) - 2));

  it('has an edge from each layer whose result lies in what is joined without a copy', async () => {
    const nodes = [...['a', 'b', 'c'].map((to) => node('MatMul', ['x', 'w'], [to], {}, { name: `make_${to}` })), node('Concat', ['a', 'b', 'c'], ['joined'], { axis: 1 }, { name: 'join' }), node('Softmax', ['joined'], ['y'], {}, { name: 'read' })];
    const file = write('joined.onnx', modelFile({ nodes, inputs: [port('x', [1, 4])], outputs: [port('y', [1, 12])], initializers: [square('w')] }));
    const { nodes: boxes, edges } = await drawGraph({ path: file }, quietTask);
    const nameOf = (id: number): string => boxes.find((box) => box.id === id)!.name;
    assert.ok(!boxes.some(({ name }) => name === 'join'), 'costs nothing, and is no layer of its own');
    assert.deepEqual(edges.filter(({ to }) => nameOf(to) === 'read').map(({ from, tensor: name }) => `${nameOf(from)} ${name}`), ['make_a joined', 'make_b joined', 'make_c joined']);
  });

  it('does not call a tensor of unknown rank a scalar', async () => {
    const nodes = [node('MyOwnOp', ['x'], ['a'], {}, { name: 'mystery', domain: 'custom' }), node('Relu', ['a'], ['y'], {}, { name: 'after' })];
    const { layers } = await inspectModel({ path: write('unknown.onnx', modelFile({ nodes, inputs: [port('x', [1, 4])], outputs: [port('y', [1, 4])] })) }, quietTask);
    assert.deepEqual(layers.find(({ name }) => name === 'mystery')!.outputShape, [-1]);
  });
});

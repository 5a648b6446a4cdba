/** What the extension host answers an inspector, without VS Code: the same engine and the same presenters. */
import path from 'node:path';
import { directEngine } from '../../src/app/engine-direct';
import { memoryPicture } from '../../src/app/export/memory-picture';
import { formatShape } from '../../src/base/units';
import type { Handlers } from '../../src/base/rpc';
import { boards, findBoard } from '../../src/device/boards';
import type { CompareContract } from '../../src/messages/compare';
import type { InspectorContract } from '../../src/messages/inspector';
import { viewOfBoard } from '../../src/host/present/board';
import { presentComparison } from '../../src/host/present/compare-models';
import { arenaOf, presentInspector } from '../../src/host/present/inspector';
import { presentLayer } from '../../src/host/present/layer';

export interface Heard {
  readonly copied: string[];
  readonly saved: string[];
  readonly went: number[];
}

export function inspectorHost(file: string, heard: Heard = { copied: [], saved: [], went: [] }, boardId: string | null = null): Handlers<InspectorContract> {
  const engine = directEngine();
  let chosen = boardId;
  const request = () => ({ path: file, board: chosen ?? undefined });
  const board = () => (chosen === null ? undefined : findBoard(chosen));
  return {
    describe: async () => ({ name: path.basename(file), format: file.endsWith('.onnx') ? 'ONNX' : 'TFLite', bytes: 0, boards: boards.map(viewOfBoard), boardId: chosen, trusted: true }),
    inspect: async () => presentInspector(await engine.request('inspect', request()), board()),
    chooseBoard: async ({ id }) => ((chosen = id), null),
    run: async () => null,
    fix: async () => null,
    setBudget: async ({ resource }) => (heard.copied.push(`budget ${resource}`), null),
    copy: async ({ text }) => (heard.copied.push(text), null),
    layer: async ({ index }) => presentLayer(await engine.request('layer', { ...request(), layer: index })),
    weights: async () => (await engine.request('weights', request())).layers,
    graph: async () => {
      const { edges, ...graph } = await engine.request('graph', request());
      return { ...graph, edges: edges.map(({ from, to, tensor, shape, points }) => ({ from, to, label: `${tensor} ${formatShape(shape)}`, points })) };
    },
    plans: async () => (await engine.request('plans', request())).plans.map(({ id, arena, order }) => ({ id, order, arena: arenaOf(arena, board()?.ramBytes?.value) })),
    picture: async () => memoryPicture(await engine.request('inspect', request()), undefined),
    save: async ({ what, png }) => (heard.saved.push(png ?? what), true),
    remedies: async () => [],
    goTo: async ({ index }) => (heard.went.push(index), null),
  };
}

export function compareHost(before: string, after: string, accuracy?: Parameters<typeof presentComparison>[0]['accuracy']): Handlers<CompareContract> {
  const engine = directEngine();
  return {
    compare: async () => {
      const report = await engine.request('compare', { before: { path: before }, after: { path: after } });
      return { ...presentComparison({ ...report, ...(accuracy ? { accuracy } : {}) }, { before: path.basename(before), after: path.basename(after) }), state: { before, after } };
    },
    measure: async () => true,
    open: async () => null,
    swap: async () => null,
    save: async () => true,
    fix: async () => null,
    copy: async () => null,
  };
}

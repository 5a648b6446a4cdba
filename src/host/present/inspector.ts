import type { Problem, Severity } from '../../base/problem';
import { formatCount, formatShape } from '../../base/units';
import type { PlanReport } from '../../app/engine-contract';
import type { Board } from '../../device/boards/board';
import type { InspectReport, LayerReport, PortReport } from '../../engine/cost/report';
import { blocksOf } from '../../engine/cost/blocks';
import { shortName } from '../../engine/cost/short-name';
import type { ModelFormat } from '../../engine/ir/types';
import type { ArenaView, InspectorView, LayerView, PlanView } from '../../messages/inspector';
import { budgetsOf, verdictOf, type Limits } from './budgets';

const formatNames: Readonly<Record<ModelFormat, string>> = { onnx: 'ONNX', tflite: 'TFLite' };
const severityRank: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

export const formatName = (format: ModelFormat): string => formatNames[format];

const plural = (n: number, one: string): string => `${formatCount(n)} ${n === 1 ? one : `${one}s`}`;

const portShapes = (ports: readonly PortReport[]): string => ports.map((port) => formatShape(port.shape)).join(', ') || 'none';

/** Layers that are presented before others get their turn: 10,000 take 15 to 50 ms. */
const LAYERS_A_TURN = 2000;

/** The engine's report as the inspector shows it, against the limits of `board` where one is chosen, and those that the user has set. */
export function presentInspector(report: InspectReport, board: Board | undefined, limits: Limits = {}): InspectorView {
  const steps = presentingInspector(report, board, limits);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** The same in steps, between which a caller can let others in. */
export function* presentingInspector(report: InspectReport, board: Board | undefined, limits: Limits = {}): Generator<undefined, InspectorView> {
  const { model, totals, arena, time } = report;
  const blocks = blocksOf(report.layers);
  const limit = board?.ramBytes?.value;
  const layers: LayerView[] = [];
  for (const layer of report.layers) {
    if (layer.index % LAYERS_A_TURN === 0) yield;
    layers.push(layerOf(layer, blocks.blockOf[layer.index], limit));
  }
  yield;
  const arenaView = arenaOf(arena, limit);
  yield;
  return {
    name: model.name,
    subtitle: [
      formatName(model.format),
      model.arithmetic,
      `${portShapes(model.inputs)} → ${portShapes(model.outputs)}`,
      plural(totals.layers, 'layer'),
      `file ${formatCount(model.fileBytes)} B`,
      model.producer.replace(/\.$/, ''),
    ].filter(Boolean).join(' · '),
    verdict: verdictOf(report, board, limits),
    isFloat: model.arithmetic === 'float32',
    ...uncountedOf(report),
    budgets: budgetsOf(report, board, limits),
    problems: bySeverity(report.problems),
    layers,
    blocks: blocks.names,
    totals: { layers: totals.layers, macs: totals.macs, weightBytes: totals.weightBytes, ramBytes: totals.ramBytes, lowerBound: totals.lowerBound, ...(time ? { timeUs: time.us } : {}) },
    arena: arenaView,
  };
}

export const arenaOf = (arena: InspectReport['arena'], limitBytes: number | undefined): ArenaView => ({
  bytes: arena.bytes,
  liveBoundBytes: arena.liveBoundBytes,
  peakSteps: arena.peakSteps,
  tensors: arena.placements.map(({ name, offset, bytes, firstStep, lastStep, role }) => ({ name: shortName(name), offset, bytes, firstStep, lastStep, role })),
  limitBytes,
});

export function presentPlan({ id, arena, order }: PlanReport, limitBytes: number | undefined): PlanView {
  const { strips } = arena;
  const note = strips && `first ${plural(strips.layers, 'layer')} in ${plural(strips.count, 'strip')}, ${strips.extraMacs ? `${formatCount(strips.extraMacs)} MACs more` : 'no MAC more'}`;
  return { id, order, arena: arenaOf(arena, limitBytes), ...(note ? { note } : {}) };
}

function layerOf(layer: LayerReport, block: number, ramLimit: number | undefined): LayerView {
  return {
    index: layer.index,
    name: layer.name,
    title: shortName(layer.name),
    op: layer.label,
    family: layer.family,
    output: formatShape(layer.outputShape),
    macs: layer.counted ? layer.macs : null,
    flashBytes: layer.counted ? layer.weightBytes : null,
    ramBytes: layer.counted ? layer.liveBytes : null,
    timeUs: layer.timeUs ?? null,
    params: layer.counted ? layer.params : null,
    outputBytes: layer.counted ? layer.outputBytes : null,
    dtype: layer.dtype,
    block,
    origin: layer.origin.filter((o) => o.name !== layer.name || layer.origin.length > 1).map((o) => `${o.op} ${o.name}`),
    overRam: ramLimit !== undefined && layer.counted && layer.liveBytes > ramLimit,
  };
}

function uncountedOf({ uncounted, model }: InspectReport): Pick<InspectorView, 'uncounted' | 'blocked'> {
  if (!uncounted.length) return {};
  const count = plural(uncounted.length, 'layer');
  return {
    uncounted: `${count} not counted`,
    blocked: {
      text: model.openExtents.length
        ? `C is not generated while the size of ${model.openExtents.join(', ')} is open: ${count} cannot be counted.`
        : `C is not generated while ${count} ${uncounted.length === 1 ? 'has' : 'have'} no kernel.`,
      list: uncounted.map(({ layer, op }) => `${layer}\t${op}`).join('\n'),
    },
  };
}

export const bySeverity = (problems: readonly Problem[]): readonly Problem[] =>
  [...problems].sort((a, b) => severityRank[a.severity] - severityRank[b.severity]);

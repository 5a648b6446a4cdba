import { namedSteps } from '../../base/units';
import type { InspectReport, LayerReport } from '../../engine/cost/report';
import { findLayers } from './find-layer';
import type { Measured } from './problems';
import type { Resource } from './quantity';

/** What is told by planning alone, without running the model. */
export type Cost = Exclude<Resource, 'accuracy'>;

/** What a budget is about. */
export interface CostOf {
  readonly resource: Cost;
  readonly layer?: string;
}

/** What a model, or a layer of it, costs of a resource; undefined where that is not known. */
export function measuredOf({ resource, layer }: CostOf, report: InspectReport): Measured | undefined {
  if (layer === undefined) return ofModel(resource, report);
  const layers = findLayers(report.layers, layer);
  return layers.length ? ofLayers(resource, layers, report) : undefined;
}

function ofModel(resource: Cost, { totals, arena, time }: InspectReport): Measured | undefined {
  const { lowerBound } = totals;
  switch (resource) {
    case 'flash':
      return { value: totals.flashBytes, basis: totals.basis.flashBytes, lowerBound };
    case 'ram':
      return { value: totals.ramBytes, basis: totals.basis.ramBytes, lowerBound, ...(arena.peakSteps.length ? { note: `peak at ${namedSteps(arena.peakSteps)}` } : {}) };
    case 'macs':
      return { value: totals.macs, basis: totals.basis.macs, lowerBound };
    case 'energyUj':
      return time?.energyUj === undefined ? undefined : { value: time.energyUj, basis: time.basis, lowerBound: lowerBound || time.lowerBound, detail: time.how.join(' ') };
    case 'timeUs':
      return time && { value: time.us, basis: time.basis, lowerBound: lowerBound || time.lowerBound, detail: time.how.join(' ') };
  }
}

function ofLayers(resource: Cost, layers: readonly LayerReport[], { time }: InspectReport): Measured | undefined {
  if (!layers.every((layer) => layer.counted)) return undefined;
  const sum = (of: (layer: LayerReport) => number): number => layers.reduce((total, layer) => total + of(layer), 0);
  const exact = (value: number): Measured => ({ value, basis: 'exact', lowerBound: false });
  switch (resource) {
    case 'flash':
      return exact(sum((layer) => layer.weightBytes));
    case 'ram':
      return exact(Math.max(...layers.map((layer) => layer.liveBytes)));
    case 'macs':
      return exact(sum((layer) => layer.macs));
    case 'energyUj':
      return undefined; // a chip's current is known, not that of a layer
    case 'timeUs':
      return !time || layers.some((layer) => layer.timeUs === undefined) ? undefined : { value: sum((layer) => layer.timeUs!), basis: time.basis, lowerBound: false, detail: time.how.join(' ') };
  }
}

import { formatShape } from '../../base/units';
import type { InspectReport, LayerReport } from '../../engine/cost/report';

interface Field {
  readonly title: string;
  readonly isNumber: boolean;
  /** null: unknown. */
  readonly value: (layer: LayerReport) => string | number | null;
  readonly total?: (report: InspectReport) => number;
}

const counted = (value: (layer: LayerReport) => number) => (layer: LayerReport): number | null => (layer.counted ? value(layer) : null);

/** Columns of the layer table as it leaves the product. Times only where a board's are known. */
export const fieldsOf = (report: InspectReport): readonly Field[] => [
  { title: '#', isNumber: true, value: ({ index }) => index },
  { title: 'Layer', isNumber: false, value: ({ name }) => name },
  { title: 'Op', isNumber: false, value: ({ label }) => label },
  { title: 'Output', isNumber: false, value: ({ outputShape }) => formatShape(outputShape) },
  { title: 'Type', isNumber: false, value: ({ dtype }) => dtype },
  { title: 'MACs', isNumber: true, value: counted((l) => l.macs), total: ({ totals }) => totals.macs },
  { title: 'Parameters', isNumber: true, value: counted((l) => l.params), total: ({ totals }) => totals.params },
  { title: 'Flash B', isNumber: true, value: counted((l) => l.weightBytes), total: ({ totals }) => totals.weightBytes },
  { title: 'RAM B', isNumber: true, value: counted((l) => l.liveBytes), total: ({ totals }) => totals.ramBytes },
  ...(report.time ? [{ title: 'Time us', isNumber: true, value: (l: LayerReport) => (l.timeUs === undefined ? null : Math.round(l.timeUs * 100) / 100), total: () => Math.round(report.time!.us * 100) / 100 }] : []),
];

import type { Basis, InspectReport, LayerReport } from './report';

/** Right answers on the same labelled samples, with the 95 % Wilson interval of the share. */
export interface MeasuredAccuracy {
  readonly right: number;
  readonly total: number;
  readonly low: number;
  readonly high: number;
}

/** Two sides on the same samples: only ever given where both were run. */
export interface ComparedAccuracy {
  readonly before: MeasuredAccuracy;
  readonly after: MeasuredAccuracy;
  /** Samples that became wrong, and that became right. */
  readonly changed?: { readonly worse: number; readonly better: number };
  /** Exact two-sided McNemar test of `changed`. */
  readonly mcnemar?: number;
  /** Right answers by the true class, of the classes that the samples have. */
  readonly classes?: readonly ComparedClass[];
}

export interface ComparedClass {
  readonly label: string;
  /** Samples of this class. */
  readonly total: number;
  /** Of them right, before and after: over `total` the recall. */
  readonly before: number;
  readonly after: number;
}

/** A total that two models share. null: not known on that side, or only as a lower bound, so that there is no difference. */
export interface ComparedTotal {
  readonly id: 'macs' | 'flashBytes' | 'ramBytes' | 'weightBytes' | 'params' | 'fileBytes' | 'timeUs';
  readonly title: string;
  readonly unit: string;
  readonly before: number | null;
  readonly after: number | null;
  /** after - before. */
  readonly change: number | null;
  /** The weaker of both sides. */
  readonly basis: Basis;
}

/** How two layers were found to be the same one. */
export type MatchedBy = 'name' | 'shape' | 'position';

export interface ComparedLayer {
  readonly before?: LayerReport;
  readonly after?: LayerReport;
  /** Absent where one side has no such layer. */
  readonly by?: MatchedBy;
  /** after - before; null where a side is missing or not counted. */
  readonly change: { readonly macs: number | null; readonly weightBytes: number | null; readonly liveBytes: number | null; readonly timeUs: number | null };
}

export interface CompareReport {
  readonly schema: 'tinyml-compare/1';
  readonly before: ComparedModel;
  readonly after: ComparedModel;
  readonly totals: readonly ComparedTotal[];
  /** In the order of execution of `after`; layers that only `before` has stand where they were. */
  readonly layers: readonly ComparedLayer[];
  readonly matched: number;
  /** Layers whose costs, op, shape or type differ, or that one side does not have. */
  readonly changed: number;
  readonly accuracy?: ComparedAccuracy;
}

export type ComparedModel = InspectReport['model'] & { readonly layers: number; readonly lowerBound: boolean };

import type { Fix } from '../base/problem';
import type { BasisView, FamilyView } from './inspector';

/** What crosses between host and comparison: two models, or two versions of one. */
export type CompareContract = {
  requests: {
    compare: { params: null; result: CompareView & { readonly state: CompareState } };
    /** Opens one side in the inspector, with a layer selected. */
    open: { params: { readonly side: 'before' | 'after'; readonly layer?: number }; result: null };
    /** Runs both on the labelled test samples; true where that was possible. */
    measure: { params: null; result: boolean };
    swap: { params: null; result: null };
    save: { params: { readonly what: 'json' | 'markdown' | 'csv' }; result: boolean };
    fix: { params: { readonly fix: Fix }; result: null };
    copy: { params: { readonly text: string }; result: null };
  };
  notices: {
    changed: { readonly what: 'file' | 'facts' };
    /** To the next layer that differs, or the one before. */
    step: { readonly by: 1 | -1 };
  };
};

/** better: less than before. Differences that are no cost are neither. */
export type Direction = 'better' | 'worse' | 'same' | 'unknown';

export interface TileView {
  readonly id: string;
  readonly title: string;
  readonly basis: BasisView;
  readonly value: string;
  readonly unit: string;
  /** `was 38,508` */
  readonly was: string;
  /** `−19.7 %` */
  readonly change: string;
  readonly direction: Direction;
}

export interface DeltaView {
  /** Now, or before where the layer is gone; null: unknown. */
  readonly value: number | null;
  readonly change: number | null;
}

export interface PairView {
  /** Indices in the two models; null where a side has no such layer. */
  readonly before: number | null;
  readonly after: number | null;
  readonly name: string;
  readonly tooltip: string;
  readonly op: string;
  /** `64 → 52` where it differs. */
  readonly output: string;
  readonly family: FamilyView;
  readonly matched: string;
  readonly changed: boolean;
  readonly macs: DeltaView;
  readonly flashBytes: DeltaView;
  readonly ramBytes: DeltaView;
  readonly timeUs: DeltaView;
}

export interface IntervalView {
  readonly text: string;
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

export interface CompareView {
  readonly beforeName: string;
  readonly afterName: string;
  readonly sentence: string;
  readonly subtitle: string;
  readonly tiles: readonly TileView[];
  readonly pairs: readonly PairView[];
  readonly totals: { readonly macs: DeltaView; readonly flashBytes: DeltaView; readonly ramBytes: DeltaView; readonly timeUs: DeltaView };
  readonly hasTimes: boolean;
  readonly matchedText: string;
  readonly note: string;
  /** Only where both sides were run on the same samples. */
  readonly accuracy?: { readonly before: IntervalView; readonly after: IntervalView; readonly text: string; readonly recall: RecallView };
  /** Both sides lie on disk, so that they can be run on samples. */
  readonly measurable?: boolean;
}

/** Recall of each class, worst change first. */
export interface RecallView {
  readonly classes: readonly {
    readonly label: string;
    readonly total: number;
    /** Shares. */
    readonly before: number;
    readonly after: number;
    /** In points: `−6.7`. */
    readonly change: string;
    readonly direction: Direction;
  }[];
  /** Classes that are not listed. */
  readonly more: number;
}

/** Which models the panel shows: kept by the page, so that the host can bring it back after a reload. */
export interface CompareState {
  readonly before: string;
  readonly after: string;
  readonly accuracy?: unknown;
  readonly stamp?: string;
}

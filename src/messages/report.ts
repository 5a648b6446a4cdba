import type { Fix, Problem } from '../base/problem';

/** What crosses between host and the report of a compression. */
export type ReportContract = {
  requests: {
    attach: { params: null; result: ReportView };
    /** Opens the result, or the model it was made from, in the inspector. */
    open: { params: { readonly which: 'before' | 'after' }; result: null };
    /** Compresses again with some layers in another form, into a new file. */
    remedy: { params: { readonly index: number }; result: null };
    saveRecipe: { params: null; result: null };
    fix: { params: { readonly fix: Fix }; result: null };
  };
  notices: Record<string, never>;
};

/** Loss first, then what it bought, then what would mend it. All numbers are texts, ready to be read. */
export interface ReportView {
  readonly file: string;
  readonly about: string;
  readonly verdict: { readonly tone: 'good' | 'warn' | 'info'; readonly text: string };
  readonly facts: readonly FactView[];
  readonly remedies: readonly RemedyView[];
  readonly places?: PlacesView;
  readonly layers: readonly ReportLayerView[];
  readonly trials: readonly { readonly step: string; readonly distance: string; readonly right: string; readonly kept: boolean }[];
  /** What the distances of trials and remedies are. */
  readonly distanceOf: string;
  readonly confusion?: ConfusionView;
  readonly problems: readonly Problem[];
}

export interface FactView {
  readonly name: string;
  readonly value: string;
  readonly unit: string;
  readonly note: string;
  readonly basis: 'exact' | 'modelled' | 'calibrated' | 'measured';
  /** How it was made, and how far off such figures have been. */
  readonly how?: string;
  /** Less is better and it is less, or the other way round; undefined where nothing changed. */
  readonly tone?: 'better' | 'worse';
}

export interface RemedyView {
  readonly layer: string;
  readonly op: string;
  /** `in int16`, `in float`. */
  readonly form: string;
  /** Share of the distance that it takes away, 0 to 1. */
  readonly gain: number;
  readonly distance: string;
  readonly flash: string;
  readonly ram: string;
  readonly right: string;
  readonly note: string;
}

/** Where channels went, or ranks. */
export interface PlacesView {
  readonly title: string;
  readonly rows: readonly { readonly name: string; readonly rule: string; readonly before: number; readonly after: number; readonly distance: string }[];
}

export interface ReportLayerView {
  readonly name: string;
  readonly op: string;
  readonly form: string;
  readonly sqnrDb: number;
  readonly cosine: string;
  readonly saturated: string;
  /** Relative heights, 0 to 1. */
  readonly activations: readonly number[];
  readonly weights: readonly number[];
  readonly range: string;
}

export interface ConfusionView {
  readonly labels: readonly string[];
  readonly matrices: readonly { readonly name: string; readonly right: string; readonly counts: readonly (readonly number[])[] }[];
  /** Mistakes that are new, most frequent first. */
  readonly news: readonly string[];
}

import type { Fix, Problem } from '../base/problem';

/**
 * What crosses between host and model inspector: plain view data. Weights never travel; `host/present/inspector.ts` is the
 * one mapping from the engine's report to this.
 */
export type InspectorContract = {
  requests: {
    /** What is known without reading the model; answered at once. */
    describe: { params: null; result: InspectorFacts };
    /** The whole view; reports named steps, can be cancelled, fails with the file's problem. */
    inspect: { params: null; result: InspectorView };
    /** Board for limits, status bar and the next flash; null for none. */
    chooseBoard: { params: { readonly id: string | null }; result: null };
    /** One of the header's actions, on this model. */
    run: { params: { readonly action: InspectorAction }; result: null };
    /** Way out of a problem that the host sent. */
    fix: { params: { readonly fix: Fix }; result: null };
    copy: { params: { readonly text: string }; result: null };
  };
  notices: {
    /** The file, the board or the trust of the workspace changed: ask again. */
    changed: { readonly what: 'file' | 'facts' };
    /** Another view is about this layer now. */
    select: { readonly index: number };
  };
};

export type InspectorAction = 'quantize' | 'generate' | 'flash';

export interface InspectorFacts {
  readonly name: string;
  /** `ONNX`, `TFLite`. */
  readonly format: string;
  readonly bytes: number;
  readonly boards: readonly BoardView[];
  readonly boardId: string | null;
  /** Layer that the view was opened for. */
  readonly selectedLayer?: number;
  /** False in an untrusted workspace: looking is allowed, building is not. */
  readonly trusted: boolean;
}

export interface BoardView {
  readonly id: string;
  readonly name: string;
  /** Chip, core and clock, for people. */
  readonly detail: string;
  readonly simulated: boolean;
}

export type BasisView = 'exact' | 'modelled' | 'measured';
export type FamilyView = 'conv' | 'depthwise' | 'dense' | 'other' | 'unknown';

/** `plain`: no limit known. `near`: from 90 % of the limit. */
export type FitState = 'plain' | 'fits' | 'near' | 'over';

export interface Verdict {
  readonly state: FitState;
  readonly text: string;
  readonly title: string;
}

/** One resource in the budget strip. Numbers are raw where they are drawn, text where they are only read. */
export interface BudgetView {
  readonly id: 'ram' | 'flash' | 'macs' | 'params';
  readonly title: string;
  readonly basis: BasisView;
  /** `36.0`, with `≥` in front where layers are not counted. */
  readonly value: string;
  /** `of 32.0 KiB`, or the unit. */
  readonly unit: string;
  readonly state: FitState;
  /** Part of the limit in use; absent without a limit, and then no track is drawn. */
  readonly ratio?: number;
  /** Strong part of the line below, e.g. `over by 4,112 B`. */
  readonly emphasis?: string;
  readonly note: string;
  /** The other form of the number, and where it comes from. */
  readonly tooltip: string;
}

export interface LayerView {
  readonly index: number;
  readonly name: string;
  /** Op as a person writes it, e.g. `Conv 3×3 /2`. */
  readonly op: string;
  readonly family: FamilyView;
  readonly output: string;
  /** null: unknown, which is neither 0 nor a dash. */
  readonly macs: number | null;
  readonly flashBytes: number | null;
  readonly ramBytes: number | null;
  /** Layers of the source file that this step computes, where they differ from the name. */
  readonly origin: readonly string[];
  /** Over the board's RAM while it runs. */
  readonly overRam: boolean;
}

export interface TensorView {
  readonly name: string;
  readonly offset: number;
  readonly bytes: number;
  readonly firstStep: number;
  readonly lastStep: number;
  readonly role: 'input' | 'output' | 'activation' | 'scratch' | 'state';
}

export interface ArenaView {
  readonly bytes: number;
  /** No plan of this order can need less. */
  readonly liveBoundBytes: number;
  readonly peakSteps: readonly number[];
  readonly tensors: readonly TensorView[];
  readonly limitBytes?: number;
}

export interface TotalsView {
  readonly layers: number;
  readonly macs: number;
  readonly weightBytes: number;
  readonly ramBytes: number;
  readonly lowerBound: boolean;
}

export interface InspectorView {
  readonly name: string;
  /** `ONNX · int8 · 1×8×8 → 10 · 9 layers · …` */
  readonly subtitle: string;
  readonly verdict?: Verdict;
  /** `3 layers not counted`: totals are lower bounds and C is not generated. */
  readonly uncounted?: string;
  /** Why C cannot be generated; absent where it can. */
  readonly blocked?: { readonly text: string; readonly list: string };
  readonly budgets: readonly BudgetView[];
  /** Worst first. */
  readonly problems: readonly Problem[];
  readonly layers: readonly LayerView[];
  readonly totals: TotalsView;
  readonly arena: ArenaView;
}

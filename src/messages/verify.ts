import type { Fix, Problem } from '../base/problem';

/** What crosses between host and the view of a verification. */
export type VerifyContract = {
  requests: {
    attach: { params: null; result: VerifyView };
    rerun: { params: null; result: null };
    stop: { params: null; result: null };
    chooseBoard: { params: null; result: null };
    /** The same model onto the same board, then its predictions. */
    flash: { params: null; result: null };
    openKernel: { params: { readonly kernel: string }; result: null };
    saveReport: { params: null; result: null };
    fix: { params: { readonly fix: Fix }; result: null };
  };
  notices: {
    update: VerifyView;
    /** To the next or previous layer that differs. */
    step: { readonly by: 1 | -1 };
  };
};

export type VerifyPhase = 'idle' | 'running' | 'done' | 'stopped' | 'failed';

export interface VerifyView {
  readonly phase: VerifyPhase;
  readonly text: string;
  readonly model?: string;
  readonly board?: string;
  /** What the firmware says about itself, as one line. */
  readonly firmware?: string;
  readonly problem?: Problem;
  readonly result?: VerifyResultView;
}

export interface VerifyResultView {
  readonly verdict: string;
  readonly equal: boolean;
  readonly tiles: readonly { readonly title: string; readonly value: string; readonly of: string; readonly differs: boolean }[];
  readonly layers: readonly VerifyLayerView[];
  /** Layer to show first. */
  readonly selected: number | null;
  readonly differences: readonly DifferenceView[];
  /** `Measured on …`: board, compiler, flags. */
  readonly basis: string;
  readonly notes: readonly string[];
}

export interface VerifyLayerView {
  readonly index: number;
  readonly name: string;
  readonly label: string;
  readonly crcHost: string;
  /** Null where it is the host's. */
  readonly crcBoard: string | null;
  /** Null where it was not fetched. */
  readonly differ: number | null;
  readonly of: number;
  readonly max: string;
  readonly otherWeights: boolean;
  readonly us: number;
  readonly kernel: string;
}

export interface DifferenceView {
  readonly layer: number;
  readonly shape: readonly number[];
  readonly differ: number;
  readonly host: readonly number[];
  readonly board: readonly number[];
  readonly values: readonly { readonly at: readonly number[]; readonly host: number; readonly board: number }[];
  readonly channels: readonly { readonly channel: number; readonly differ: number }[];
  /** Only of the first layer that differs: behind it inputs differ as well. */
  readonly cause?: { readonly kind: string; readonly title: string; readonly certainty: string; readonly evidence: string; readonly ruledOut: readonly string[] };
}

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
    /** Asks for a limit and keeps it in tinyml.json. */
    setBudget: { params: { readonly resource: NonNullable<BudgetView['settable']> }; result: null };
    copy: { params: { readonly text: string }; result: null };
    /** One layer in detail: histogram bins and counts of its weights are made by the engine, the weights stay there. */
    layer: { params: { readonly index: number }; result: LayerDetailView };
    /** Zeros and dead channels of every layer; reads all weights, so that it is asked for only when shown. */
    weights: { params: null; result: readonly WeightsView[] };
    graph: { params: null; result: GraphView };
    /** The arena as other plans would have it. */
    plans: { params: null; result: readonly PlanView[] };
    /** Keeps in tinyml.json that the first layers are to run in strips, or not. */
    usePlan: { params: { readonly id: 'strips' | 'whole' }; result: null };
    /** Asks where to, and writes there; true where something was written. */
    save: { params: { readonly what: ExportKind; readonly png?: string }; result: boolean };
    /** The memory picture as SVG, for print. */
    picture: { params: null; result: string };
    /** The broken budgets among the problems again, their fixes with what each would do: takes a moment. */
    remedies: { params: null; result: readonly Problem[] };
    /** Opens the layer's place in the generated C, or in the Python that makes it. */
    goTo: { params: { readonly index: number; readonly to: 'code' | 'source' }; result: null };
    /** The layer in front here has changed: other views may follow. */
    selected: { params: { readonly index: number }; result: null };
    /** Where keys go now; null: the page has no focus. */
    place: { params: InspectorPlace | null; result: null };
  };
  notices: {
    /** The file, the board or the trust of the workspace changed: ask again. */
    changed: { readonly what: 'file' | 'facts' };
    /** A command that a key or the palette has set off. */
    command: { readonly id: InspectorCommand };
    /** Another view is about this layer now. `follows`: nobody has asked to see it here, so that filters stay as they are. */
    select: { readonly index: number; readonly follows?: boolean };
  };
};

/** What keys do in the inspector besides moving: commands of the editor, whose keys users can change. */
export type InspectorCommand = 'filterLayers' | 'quickFixes' | 'goToCode' | 'goToSource' | 'nextLayer' | 'previousLayer' | 'zoomIn' | 'zoomOut' | 'zoomAll' | 'zoomSelection';

export interface InspectorPlace {
  readonly view: 'layers' | 'memory' | 'graph' | 'detail';
  /** In a field that takes text. */
  readonly typing: boolean;
}

export type InspectorAction = 'quantize' | 'generate' | 'flash' | 'compare' | 'compareGit';

export type ExportKind = 'csv' | 'json' | 'markdown' | 'svg' | 'png';

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
  /** Where the content comes from, where not from the disk: `git HEAD`. */
  readonly version?: string;
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
  readonly id: 'ram' | 'flash' | 'macs' | 'params' | 'time' | 'energy';
  readonly title: string;
  readonly basis: BasisView;
  /** `36.0`, with `≥` in front where layers are not counted. */
  readonly value: string;
  /** `of 32.0 KiB`, or the unit. */
  readonly unit: string;
  readonly state: FitState;
  /** Part of the limit in use; absent without a limit, and then no track is drawn. */
  readonly ratio?: number;
  /** There is no limit: what a budget can be set for. */
  readonly settable?: 'ram' | 'flash' | 'macs' | 'timeUs' | 'energyUj';
  /** Strong part of the line below, e.g. `over by 4,112 B`. */
  readonly emphasis?: string;
  readonly note: string;
  /** The other form of the number, and where it comes from. */
  readonly tooltip: string;
}

export interface LayerView {
  readonly index: number;
  /** As the source model has it. */
  readonly name: string;
  /** What it is called on the screen: see `shortName`. */
  readonly title: string;
  /** Op as a person writes it, e.g. `Conv 3×3 /2`. */
  readonly op: string;
  readonly family: FamilyView;
  readonly output: string;
  /** null: unknown, which is neither 0 nor a dash. */
  readonly macs: number | null;
  readonly flashBytes: number | null;
  readonly ramBytes: number | null;
  /** null also where no board is chosen. */
  readonly timeUs: number | null;
  readonly params: number | null;
  readonly outputBytes: number | null;
  readonly dtype: string;
  /** Block of the network that it belongs to: neighbours with the same number are one block. */
  readonly block: number;
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
  /** Absent without a board, or where nothing is known of its core. */
  readonly timeUs?: number;
}

export interface InspectorView {
  readonly name: string;
  /** `ONNX · int8 · 1×8×8 → 10 · 9 layers · …` */
  readonly subtitle: string;
  readonly verdict?: Verdict;
  /** Its numbers are real: it can be quantized, pruned and factorized. */
  readonly isFloat: boolean;
  /** `3 layers not counted`: totals are lower bounds and C is not generated. */
  readonly uncounted?: string;
  /** Why C cannot be generated; absent where it can. */
  readonly blocked?: { readonly text: string; readonly list: string };
  readonly budgets: readonly BudgetView[];
  /** Worst first. */
  readonly problems: readonly Problem[];
  readonly layers: readonly LayerView[];
  /** Names of the blocks, by number. */
  readonly blocks: readonly string[];
  readonly totals: TotalsView;
  readonly arena: ArenaView;
}

/** What a `LayerDetailReport` is on the screen; formulas and numbers that are only read come as text. */
export interface LayerDetailView {
  readonly index: number;
  readonly attributes: readonly FactView[];
  readonly tensors: readonly { readonly role: string; readonly name: string; readonly title: string; readonly text: string }[];
  /** Layers of the file that it computes. */
  readonly origin: readonly { readonly text: string; readonly name: string }[];
  readonly weights?: WeightDetailView;
  readonly kernel?: KernelView;
  /** Named parts of the time, largest first; absent where the time is not known. */
  readonly time?: TimeView;
}

export interface FactView {
  readonly name: string;
  readonly value: string;
}

export interface WeightDetailView {
  /** `16×3×3×16 int8 · 2,304 weights` */
  readonly text: string;
  readonly elements: number;
  readonly zeros: number;
  readonly channels: number;
  readonly dead: number;
  readonly min: number;
  readonly max: number;
  readonly histogram: { readonly unit: 'code' | 'real'; readonly from: number; readonly to: number; readonly counts: readonly number[] };
  /** Scale of each output channel, where there are several. */
  readonly scales?: readonly number[];
  readonly zeroPoints?: readonly number[];
  /** Largest magnitude of each output channel; 0: dead. */
  readonly channelMax: readonly number[];
}

export interface KernelView {
  readonly title: string;
  readonly facts: readonly FactView[];
}

export interface TimeView {
  readonly parts: readonly { readonly name: string; readonly formula: string; readonly count: number }[];
  /** `Instructions`, or `Cycles`. */
  readonly unit: string;
  readonly result: string;
  readonly basis: BasisView;
  readonly how: readonly string[];
}

export interface WeightsView {
  readonly index: number;
  readonly elements: number;
  readonly zeros: number;
  readonly channels: number;
  readonly dead: number;
}

/** A layered drawing in pixels; x and y are the middle of a box. */
export interface GraphView {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly {
    /** Index of the layer; negative for inputs and outputs of the model. */
    readonly id: number;
    readonly kind: 'layer' | 'input' | 'output';
    readonly name: string;
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  }[];
  readonly edges: readonly { readonly from: number; readonly to: number; readonly label: string; readonly points: readonly number[] }[];
}

/** One way to plan the arena. `order`: for each step of the plan its layer, by index. `strips` and `whole` can be chosen for the generated C. */
export interface PlanView {
  readonly id: 'generated' | 'apart' | 'file-order' | 'strips' | 'whole';
  /** `first 2 layers in 3 strips, no MAC more` */
  readonly note?: string;
  readonly arena: ArenaView;
  readonly order: readonly number[];
}

import type { Problem } from '../base/problem';
import type { MemoryChoice } from '../engine/codegen/choose-strips';
import type { EmittedConstant } from '../engine/codegen/emit';
import type { CostOf } from './budgets/measure';
import type { Board } from '../device/boards/board';
import type { ComparedAccuracy, CompareReport } from '../engine/cost/compare-report';
import type { LayerDetailReport, WeightSummary } from '../engine/cost/layer-detail-report';
import type { InspectReport, PortReport } from '../engine/cost/report';
import type { ExtendDataReport, ExtendDataRequest, LayerFacts, ModelIdentity } from './board-contract';
import type { ExplainRequest, LayerDifference, TraceReport, TraceRequest } from './verify/trace-contract';
import type { CompressRequest, Accuracy, CompressReport } from './compress-contract';

export type * from './compress-contract';

export type { ExtendDataReport, ExtendDataRequest, LayerFacts, ModelIdentity } from './board-contract';

/**
 * What the engine does for a host: runs in the engine worker for the editor, in the process itself for the CLI. All of it is
 * plain data, so that it crosses a thread. Paths are absolute; a model in a C source is named `file#array`. Every request can be cancelled and reports progress.
 */
export type EngineContract = {
  requests: {
    inspect: { params: InspectRequest; result: InspectReport };
    compress: { params: CompressRequest; result: CompressReport };
    generate: { params: GenerateRequest; result: GenerateReport };
    samples: { params: SamplesRequest; result: SamplesReport };
    arrays: { params: ArraysRequest; result: ArraysReport };
    identify: { params: PlanRequest; result: ModelIdentity };
    extendData: { params: ExtendDataRequest; result: ExtendDataReport };
    trace: { params: TraceRequest; result: TraceReport };
    explain: { params: ExplainRequest; result: LayerDifference };
    compare: { params: CompareRequest; result: CompareReport };
    compareAccuracy: { params: CompareAccuracyRequest; result: ComparedAccuracy };
    layer: { params: LayerRequest; result: LayerDetailReport };
    weights: { params: InspectRequest; result: WeightsReport };
    graph: { params: InspectRequest; result: GraphReport };
    plans: { params: InspectRequest; result: PlansReport };
    accuracy: { params: AccuracyRequest; result: Accuracy };
    predict: { params: PredictRequest; result: PredictReport | RemedyRefused };
    calibrationModel: { params: CalibrationModelRequest; result: CalibrationModelReport };
  };
  notices: Record<string, never>;
};

/** Which model, and how large what it leaves open. */
export interface ModelRequest {
  readonly path: string;
  /** Extents of dimensions that the file leaves open, by name; go before the `bind` of tinyml.json. */
  readonly bindings?: Readonly<Record<string, number>>;
  /** Content that does not lie on disk, such as another version of the file; `path` then only names it. */
  readonly bytes?: Uint8Array;
}

/** A model and how the RAM of its C is to be planned. */
export interface PlanRequest extends ModelRequest {
  /** RAM budget and strips; see `MemoryChoice`. Where absent what tinyml.json says of the model. */
  readonly memory?: MemoryChoice;
  /** What holds where neither says anything: the editor's setting. */
  readonly usualMemory?: MemoryChoice;
}

export interface InspectRequest extends PlanRequest {
  /** Id of a board of the catalogue, or a whole one of the user's own. */
  readonly board?: string | Board;
  /** What was measured on this board: modelled times are scaled by it. */
  readonly calibration?: Calibration;
  /** Kernels of this instruction set instead of the board's: for sources that were generated for it. */
  readonly isa?: string;
  /** Adds the hash that generated C of this model carries: reads all weights. */
  readonly withHash?: boolean;
}

/** A board's measured speed: time of a benchmark over its modelled time. */
export interface Calibration {
  readonly factor: number;
  /** Samples, spread and date, in one sentence. */
  readonly source: string;
}

/** Writes the benchmark that boards are calibrated with into a folder of ours. */
export interface CalibrationModelRequest {
  readonly folder: string;
}

export interface CalibrationModelReport {
  readonly path: string;
}

export interface AccuracyRequest extends ModelRequest {
  readonly data?: string;
}

export interface PredictRequest extends PlanRequest {
  readonly board?: string | Board;
  readonly calibration?: Calibration;
  /** Id of an entry in `budgets/remedies.ts`. */
  readonly remedy: string;
  /** What is over, and what it may be. */
  readonly budget: CostOf & { readonly limit: number };
}

/** Why a remedy is not offered, as a sentence. */
export interface RemedyRefused {
  readonly why: string;
}

export interface PredictReport {
  /** The remedy with its numbers: `Prune 24 of 64 channels`. */
  readonly title: string;
  /** What the budget is about, then. */
  readonly value: number;
  /** C leaves out channels of this model that carry nothing, and how many of them a fitted one has is known when it is made. */
  readonly isAbout?: boolean;
  /** What figures do not say. */
  readonly caveat: string;
  /** What the remedy's command is to be asked for; plain data of that command. */
  readonly plan?: unknown;
}

export interface CompareRequest {
  readonly before: PlanRequest;
  readonly after: PlanRequest;
  readonly board?: InspectRequest['board'];
  readonly calibration?: Calibration;
}

export interface CompareAccuracyRequest extends Pick<CompareRequest, 'before' | 'after'> {
  /** Data set; where absent, tinyml.json and the folder of the first model are asked. */
  readonly data?: string;
}

export interface LayerRequest extends InspectRequest {
  /** Index of the layer in the report. */
  readonly layer: number;
}

/** Zeros and dead channels of every layer that has weights; made only when asked for, as all weights are read for it. */
export interface WeightsReport {
  readonly layers: readonly (WeightSummary & { readonly index: number })[];
}

/** The network as a layered drawing. Places in pixels of a drawing without zoom; x and y are the middle of a node. */
export interface GraphReport {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export interface GraphNode {
  /** Index of the layer; -1 - i for input i of the model, and for its outputs behind them. */
  readonly id: number;
  readonly kind: 'layer' | 'input' | 'output';
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface GraphEdge {
  readonly from: number;
  readonly to: number;
  /** Name and shape of the tensor that passes. */
  readonly tensor: string;
  readonly shape: readonly number[];
  /** A polyline, x and y in turn. */
  readonly points: readonly number[];
}

/** What other ways to plan the same arena would need. */
export interface PlansReport {
  readonly plans: readonly PlanReport[];
}

export interface PlanReport {
  readonly id: 'generated' | 'apart' | 'file-order' | 'strips' | 'whole';
  readonly arena: InspectReport['arena'];
  /** For each step of this plan its layer, by index in the report of the model: several steps of one where it runs in strips. */
  readonly order: readonly number[];
}

export interface GenerateRequest extends PlanRequest {
  /** Where absent `<stem>-c` beside the model. */
  readonly out?: string;
  readonly isa?: string;
  /** Layouts of engine/codegen/layouts, separated by commas, or `all`; the sources alone where absent. */
  readonly layout?: string;
  /** speed (default), ram or flash. */
  readonly optimize?: string;
  /** own (default), or the library whose functions compute what they can: cmsis-nn. */
  readonly backend?: string;
  /** Linker section for the constants. */
  readonly weightsSection?: string;
  /** C name of the model; where absent made from the file's name. */
  readonly name?: string;
  /** Replace generated files in `out` that we wrote before (recognised by their first line); others are never touched. */
  readonly replace?: boolean;
}

export interface GenerateReport {
  readonly schema: 'tinyml-codegen/1';
  readonly name: string;
  readonly directory: string;
  /** Paths relative to `directory`. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  readonly arenaBytes: number;
  /** Where the first layers are run in strips of rows: how many, of how many layers, and MACs beyond those of the whole. */
  readonly strips?: { readonly count: number; readonly layers: number; readonly extraMacs: number };
  readonly weightBytes: number;
  readonly modelHash: number;
  readonly inputs: readonly PortReport[];
  readonly outputs: readonly PortReport[];
  readonly labels: readonly string[];
  /** In the order of execution. */
  readonly layers: readonly LayerFacts[];
  /** C arrays of the layers, in the order of the sources. */
  readonly constants: readonly EmittedConstant[];
  readonly problems: readonly Problem[];
}

export interface ArraysRequest {
  /** A C or C++ source. */
  readonly path: string;
}

export interface ArraysReport {
  /** In the order of the source; line from 1, size in bytes; `isModel` where the bytes say so themselves. */
  readonly arrays: readonly { readonly name: string; readonly line: number; readonly bytes: number; readonly isModel: boolean }[];
}

export interface SamplesRequest extends ModelRequest {
  readonly data?: string;
  /** At most so many test samples, from the start. */
  readonly limit?: number;
  /** A float model whose results for the same samples are wanted as well. */
  readonly floatPath?: string;
  /** Real numbers in place of a data set: whole inputs, one behind the other, in the order of the model's input. */
  readonly windows?: Float32Array;
}

/** Test samples as the generated C takes them, with what the host computes for them. */
export interface SamplesReport {
  readonly dataPath: string;
  readonly labels: readonly string[];
  readonly samples: readonly {
    readonly index: number;
    /** Index into `labels`, where the data set has labels. */
    readonly truth?: number;
    /** Bytes of input 0 in the generated C's type and layout. */
    readonly input: Uint8Array;
    /** Bytes of output 0 that the reference interpreter computes. */
    readonly expected: Uint8Array;
    /** What onnxruntime computes with the float model that was asked for. */
    readonly float?: readonly number[];
  }[];
  /** The model keeps a state: a sample's result depends on those before it. */
  readonly stateful: boolean;
  readonly output: PortReport;
  readonly problems: readonly Problem[];
}

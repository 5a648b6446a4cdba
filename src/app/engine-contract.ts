import type { Problem } from '../base/problem';
import type { InspectReport, PortReport } from '../engine/cost/report';

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
  };
  notices: Record<string, never>;
};

export interface InspectRequest {
  readonly path: string;
  readonly board?: string;
}

export interface CompressRequest {
  readonly path: string;
  readonly quantize: 'int8';
  /** Data set; where absent, tinyml.json and the model's folder are asked. */
  readonly data?: string;
  /** Where absent `<stem>.int8.onnx` beside the model, numbered if that exists: nothing is overwritten. */
  readonly out?: string;
  /** Replace `out` if it exists: only after the user has said so. */
  readonly replace?: boolean;
}

/** Right answers of all labelled test samples, with the 95 % Wilson interval of the share. */
export interface Accuracy {
  readonly right: number;
  readonly total: number;
  readonly low: number;
  readonly high: number;
}

export interface CompressReport {
  readonly schema: 'tinyml-compress/1';
  readonly source: string;
  readonly out: string;
  readonly before: CompressSide;
  readonly after: CompressSide;
  readonly calibrationSamples: number;
  /** Labelled test samples on which the two models disagree: newly wrong, newly right. */
  readonly changed?: { readonly worse: number; readonly better: number };
  readonly problems: readonly Problem[];
}

export interface CompressSide {
  readonly fileBytes: number;
  readonly macs: number;
  readonly weightBytes: number;
  readonly flashBytes: number;
  readonly ramBytes: number;
  /** Absent where there are no labelled test samples. */
  readonly accuracy?: Accuracy;
}

export interface GenerateRequest {
  readonly path: string;
  /** Where absent `<stem>-c` beside the model. */
  readonly out?: string;
  readonly isa?: string;
  readonly layout?: string;
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
  readonly weightBytes: number;
  readonly modelHash: number;
  readonly inputs: readonly PortReport[];
  readonly outputs: readonly PortReport[];
  readonly labels: readonly string[];
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

export interface SamplesRequest {
  readonly path: string;
  readonly data?: string;
  /** At most so many test samples, from the start. */
  readonly limit?: number;
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
  }[];
  readonly output: PortReport;
  readonly problems: readonly Problem[];
}

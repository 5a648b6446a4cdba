import type { Problem } from '../base/problem';
import type { ActivationForm, LayerForm } from '../engine/compress/plan';
import type { CalibrationMethod } from '../engine/quant/calibration';
import type { QuantizeKind } from './compress/kinds';
import type { StepReport, TransformStep } from './compress/steps';
import type { DataOptions } from './data/dataset';
import type { TimeReport } from '../engine/cost/report';
import type { InspectRequest, ModelRequest } from './engine-contract';

/** What compressing takes and tells: a part of the engine's contract. */

export interface CompressRequest extends ModelRequest {
  /** Kind of quantization, after all steps; absent where the model is to stay as real as it is. */
  readonly quantize?: QuantizeKind;
  /** What is done before quantization, in this order. */
  readonly steps?: readonly TransformStep[];
  /** The same after quantization. */
  readonly after?: readonly TransformStep[];
  /** Data set; where absent, tinyml.json and the model's folder are asked. */
  readonly data?: string;
  /** What the data set does not say by itself; goes before what tinyml.json says. */
  readonly dataOptions?: DataOptions;
  /** Ranges from the weights alone, for inputs between these two numbers: no data set is read, and the report says so. */
  readonly dataFree?: { readonly min: number; readonly max: number };
  /** `auto`, where absent, tries what helps; else exactly these steps, none for the nearest codes. */
  readonly method?: 'auto' | readonly MethodStep[];
  /** How ranges are chosen; where absent by the automatic mode, or min-max. */
  readonly ranges?: CalibrationMethod;
  /** Numbers between layers, where not what the kind says. */
  readonly activations?: ActivationForm;
  /** One scale for all output channels of a layer: for comparison. */
  readonly perTensor?: boolean;
  /** So many weights of an output channel share a scale, about: for kinds that leave activations real. All of the channel's where absent. */
  readonly groupSize?: number;
  /** What single layers have, by name, instead of what the kind says: remedies that a user chose. */
  readonly layers?: Readonly<Record<string, LayerChoice>>;
  /** For `mixed`: limits of the result. `flashShare` is of the int8 model's flash. */
  readonly budget?: { readonly flashBytes?: number; readonly flashShare?: number; readonly ramBytes?: number };
  /** Seconds after which the automatic mode stops trying; 120 where absent. */
  readonly timeLimitSeconds?: number;
  /** Board whose time is reported and is what steps for `time` shrink (without one they count multiplications in full blocks of channels), and what was measured on it. */
  readonly board?: InspectRequest['board'];
  readonly calibration?: InspectRequest['calibration'];
  /** Where absent `<stem>.int8.onnx` beside the model, numbered if that exists: nothing is overwritten. */
  readonly out?: string;
  /** Replace `out` if it exists: only after the user has said so. */
  readonly replace?: boolean;
}

/** Numbers in another form, or the range of a layer's result chosen by another rule. */
export type LayerChoice = Partial<LayerForm> & { readonly ranges?: CalibrationMethod };

/** What is done to a model besides rounding; each keeps what the float model computes. */
export type MethodStep = 'equalize' | 'absorb' | 'bias' | 'reconstruct' | 'tune';

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
  /** What C is asked for in both sizes, where that is not speed: only small C decodes weights. */
  readonly optimize?: 'flash';
  /** Labelled test samples on which the two models disagree: newly wrong, newly right. */
  readonly changed?: { readonly worse: number; readonly better: number };
  readonly problems: readonly Problem[];
  /** Absent where the model was not quantized. */
  readonly kind?: QuantizeKind;
  /** What was done before and after, in order. */
  readonly steps: readonly StepReport[];
  /** `data-free` where no sample was seen: ranges are estimates, and so is all that rests on them. */
  readonly calibration: 'data' | 'data-free';
  /** Of the quantization. */
  readonly method?: MethodReport;
  /** Exact two-sided McNemar test of `changed`: the chance that equally good models differ so. */
  readonly mcnemar?: number;
  /** Class names, where they are known. */
  readonly labels?: readonly string[];
  /** Counts of the test samples by [truth][prediction]. */
  readonly confusion?: { readonly before: readonly (readonly number[])[]; readonly after: readonly (readonly number[])[] };
  /** Cosine of the outputs of both models on test samples, of which at most 64 where they have no labels. */
  readonly outputs?: { readonly samples: number; readonly meanCosine: number; readonly leastCosine: number };
  /** What each layer has lost, on the validation samples; empty without data. */
  readonly layers: readonly LayerErrorReport[];
  /** Up to three layers that cost most, with what sparing them would bring. */
  readonly worst: readonly WorstLayer[];
}

/** What was done, what was tried, and what each step brought. */
export interface MethodReport {
  readonly ranges: CalibrationMethod;
  readonly steps: readonly MethodStep[];
  /** In the order they were tried; empty where the method was given. */
  readonly trials: readonly {
    readonly step: string;
    /** Distance from the float model on the validation samples; see `divergenceOf`. */
    readonly divergence: number;
    readonly right?: number;
    readonly kept: boolean;
  }[];
  /** `nats`: mean Kullback-Leibler divergence of class probabilities (scores divided by 4). `noise share`: of the output's power. */
  readonly divergenceOf: 'nats' | 'noise share';
  readonly validationSamples: number;
  /** The time limit ended the search early. */
  readonly cutShort: boolean;
}

export interface LayerErrorReport {
  readonly name: string;
  readonly label: string;
  readonly form: LayerForm;
  /** Signal to quantization noise at the layer's output, all noise of the layers before included, in dB. */
  readonly sqnrDb: number;
  readonly cosine: number;
  /** Codes at the ends of the range, where they are no bound of the layer itself, and codes in all. */
  readonly saturated: number;
  readonly codes: number;
  readonly activations: HistogramSummary;
  readonly weights?: HistogramSummary;
}

/** Counts in 32 bins of equal width from `min` to `max`. */
export interface HistogramSummary {
  readonly min: number;
  readonly max: number;
  readonly counts: readonly number[];
}

export interface WorstLayer {
  readonly name: string;
  readonly label: string;
  readonly sqnrDb: number;
  /** Distance from the float model now, on the validation samples. */
  readonly divergence: number;
  readonly remedies: readonly {
    /** As `layers` of a request takes them: the form, or where there is one the rule for its range alone. */
    readonly form: LayerForm;
    readonly ranges?: CalibrationMethod;
    readonly divergence: number;
    readonly right?: number;
    readonly flashBytes: number;
    readonly ramBytes: number;
    /** The generated C has no kernels for it in this version. */
    readonly withoutKernels: boolean;
  }[];
}

export interface CompressSide {
  readonly fileBytes: number;
  readonly macs: number;
  readonly weightBytes: number;
  readonly flashBytes: number;
  readonly ramBytes: number;
  /** Layers that the C generator of this version has no kernel for; their flash is what kernels like those of int8 would need. */
  readonly withoutKernels?: readonly string[];
  /** Of one inference on the board that was asked for; absent without one, and where nothing is known of its core. */
  readonly time?: TimeReport;
  /** Absent where there are no labelled test samples. */
  readonly accuracy?: Accuracy;
}

import { equalBytes } from '../base/bytes';
import type { PortReport } from '../engine/cost/report';
import { elementCount } from '../engine/ir/dtype';
import { decodeBytes, realValues } from '../engine/ir/tensor';
import { argmax } from './accuracy';
import type { SamplesReport } from './engine-contract';
import type { PredictionEvent, RunSummary } from './run-contract';

/** A board's output bytes as a person reads them, beside what the host computes. `expected` absent: nobody knows what that would be. `watts`: of the core while it runs. */
export function predictionOf(samples: Pick<SamplesReport, 'labels' | 'output'>, sample: { readonly index: number; readonly truth?: number; readonly expected?: Uint8Array }, result: { output: Uint8Array; us: number; ticks: number }, watts?: number): PredictionEvent {
  const scores = Array.from(realOutputs(samples.output, result.output));
  const best = argmax(scores);
  const nameOf = (index: number): string => samples.labels[index] ?? String(index);
  return {
    kind: 'prediction', index: sample.index, label: nameOf(best), score: scores[best], scores,
    ...(sample.truth === undefined ? {} : { truth: nameOf(sample.truth) }),
    us: result.us, ticks: result.ticks,
    ...(sample.expected === undefined ? {} : { equalsHost: isSame(samples.output, result.output, sample.expected) }),
    ...(watts === undefined ? {} : { energyUj: result.us * watts }),
  };
}

/** Real numbers of the first output's bytes. */
export function realOutputs(port: PortReport, bytes: Uint8Array): Float64Array {
  const quantization = port.scale === undefined ? undefined : { scale: [port.scale], zeroPoint: [port.zeroPoint ?? 0] };
  const elements = elementCount(port.shape);
  return realValues({ type: { dtype: port.dtype, shape: port.shape, quantization }, data: decodeBytes(port.dtype, elements, bytes) });
}

/** Integers must agree in every bit; floats differ in the order of sums between compilers, so within 1e-5 of the scale. */
export function isSame(port: PortReport, output: Uint8Array, expected: Uint8Array): boolean {
  // The host has the first output alone, the board all of them in order.
  if (!port.dtype.startsWith('float')) return equalBytes(output.subarray(0, expected.length), expected);
  const [got, want] = [realOutputs(port, output), realOutputs(port, expected)];
  const scale = Math.max(...want.map(Math.abs), 1e-30);
  return got.length === want.length && got.every((value, i) => Math.abs(value - want[i]) <= 1e-5 * scale);
}

export function summaryOf(seen: readonly PredictionEvent[]): RunSummary {
  const labelled = seen.filter((event) => event.truth !== undefined);
  const times = seen.map((event) => event.us).sort((a, b) => a - b);
  return {
    samples: seen.length,
    labelled: labelled.length,
    right: labelled.filter((event) => event.truth === event.label).length,
    compared: seen.filter((event) => event.equalsHost !== undefined).length,
    equal: seen.filter((event) => event.equalsHost).length,
    medianUs: times.length ? times[Math.floor(times.length / 2)] : 0,
  };
}

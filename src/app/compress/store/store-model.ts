import { throwIfCancelled } from '../../../base/cancel';
import { weightLayers } from '../../../engine/compress/plan';
import type { InputStatistics } from '../../../engine/compress/prune/input-statistics';
import { cluster } from '../../../engine/compress/store/cluster';
import type { WeightRows } from '../../../engine/compress/store/pass-on';
import { shareOfPattern, sparsify } from '../../../engine/compress/store/sparsify';
import { momentsOf, packableLayers, weightRows, withStoredWeights } from '../../../engine/compress/store/store-rows';
import type { Model, Node, NodeId } from '../../../engine/ir/types';
import { lower, lowerAsInFile } from '../../../engine/passes/pipeline';
import type { StepReport, StoreStep } from '../steps';
import { sizeOf } from '../size';
import { layerTargets, statisticsOf, TRIAL } from '../reduce/layer-targets';
import type { Reduced, ReduceContext } from '../reduce/reduce-context';

/** Where a step says nothing. */
const DEFAULT_SHARE = 0.5;
/** Largest code of int8 weights; -128 is left out, as TFLite demands. */
const MOST_CODE = 127;

const ruleOf = (step: StoreStep): string => (step.kind === 'cluster' ? `${step.entries} values` : `${step.pattern ?? 'free'} zeros`);

/**
 * The model with weights that take fewer bytes, each layer fitted to what its inputs look like. `lab.source` is the model itself or,
 * of a quantized one, its twin on real numbers: layers have the same ids.
 */
export async function storeModel({ lab, data }: ReduceContext, model: Model, step: StoreStep): Promise<Reduced> {
  const layers = packableLayers(model, weightLayers(lab.source.graph).map(({ id }) => model.graph.nodes.find((node) => node.id === id)!));
  const isRefit = step.kind === 'cluster' || step.refit !== false;
  const statistics = isRefit ? statisticsOf(await layerTargets(lab, lab.source, data.all, TRIAL)) : new Map<NodeId, InputStatistics>();
  const changes = new Map<NodeId, { values: Float64Array; shift?: Float64Array }>();
  const places: StepReport['places'][number][] = [];
  for (const [index, node] of layers.entries()) {
    lab.task.progress({ stage: step.kind === 'cluster' ? 'Clustering weights' : 'Leaving out weights', done: index, total: layers.length });
    throwIfCancelled(lab.task.signal);
    const rows = weightRows(model, node);
    const isReal = model.graph.values.get(node.inputs[1]!)!.type.dtype === 'float32';
    if (!savesBytes(step, node, rows, isReal)) continue;
    const known = statistics.get(node.id);
    const values = changed(step, rows, known, isReal);
    changes.set(node.id, { values, ...(known ? { shift: meanShift(rows, values, known) } : {}) });
    const after = step.kind === 'cluster' ? new Set(values).size : values.filter((w) => w !== 0).length;
    places.push({ name: node.name, rule: ruleOf(step), before: rows.values.length, after, scan: [{ size: after, divergence: lostShare(rows, values, known) }] });
  }
  const result = withStoredWeights(model, changes);
  const after = flashOf(result);
  return { model: result, report: { kind: step.kind, measure: 'flash', before: flashOf(model), asked: after, after, trials: [], places } };
}

/** Flash of C that is asked to be small: only that decodes weights. */
const flashOf = (model: Model): number =>
  sizeOf({ path: '', bytes: new Uint8Array(), canonical: model, lowered: lower(model), asInFile: lowerAsInFile(model), problems: [], labels: [] }, 'flash').flashBytes;

function changed(step: StoreStep, rows: WeightRows, statistics: InputStatistics | undefined, isReal: boolean): Float64Array {
  const moments = statistics && momentsOf(statistics);
  const code = (value: number): number => Math.max(-MOST_CODE, Math.min(MOST_CODE, Math.round(value)));
  const round = isReal ? Math.fround : code;
  if (step.kind === 'cluster') return cluster(rows, step.entries, moments, round);
  const pattern = step.pattern ?? 'free';
  return sparsify(rows, pattern, shareOfPattern(pattern) ?? step.share ?? DEFAULT_SHARE, moments, round);
}

/** Small layers, and all codes of int8 weights, would take more bytes with a codebook; grouped layers have no kernel that skips zeros. */
function savesBytes(step: StoreStep, node: Node, { values, depth, rowScale }: WeightRows, isReal: boolean): boolean {
  const bytes = isReal ? 4 : 1;
  if (step.kind === 'cluster') return step.entries * bytes + (values.length * Math.log2(step.entries)) / 8 < values.length * bytes;
  const kept = 1 - (shareOfPattern(step.pattern ?? 'free') ?? step.share ?? DEFAULT_SHARE);
  return (node.attributes.group ?? 1) === 1 && kept * values.length * bytes + Math.ceil(depth / 8) * rowScale.length < values.length * bytes;
}

/** What the means of a layer's outputs have lost. */
function meanShift({ values, depth, rowScale }: WeightRows, now: Float64Array, { mean }: InputStatistics): Float64Array {
  return Float64Array.from(rowScale, (scale, o) => {
    let sum = 0;
    for (let i = 0; i < depth; i++) sum += (values[o * depth + i] - now[o * depth + i]) * mean[i];
    return sum * scale;
  });
}

/** Share of the variance of the layer's outputs, or of its weights where inputs are not known. */
function lostShare({ values, depth, rowScale }: WeightRows, now: Float64Array, statistics: InputStatistics | undefined): number {
  let [lost, whole] = [0, 0];
  for (let o = 0; o < rowScale.length; o++) {
    for (let i = 0; i < depth; i++) {
      const [w, d] = [values[o * depth + i], values[o * depth + i] - now[o * depth + i]].map((x) => x * rowScale[o]);
      for (let j = statistics ? 0 : i; j < (statistics ? depth : i + 1); j++) {
        const c = statistics ? statistics.covariance[i * depth + j] : 1;
        lost += d * c * (values[o * depth + j] - now[o * depth + j]) * rowScale[o];
        whole += w * c * values[o * depth + j] * rowScale[o];
      }
    }
  }
  return whole > 0 ? lost / whole : 0;
}

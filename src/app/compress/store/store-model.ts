import { throwIfCancelled } from '../../../base/cancel';
import { weightLayers } from '../../../engine/compress/plan';
import { layerWeights, withWeights } from '../../../engine/compress/layer-weights';
import { statisticsOf, type InputStatistics } from '../../../engine/compress/prune/input-statistics';
import { refit } from '../../../engine/compress/prune/refit';
import { cluster } from '../../../engine/compress/store/cluster';
import type { WeightRows } from '../../../engine/compress/store/pass-on';
import { shareOfPattern, sparsify } from '../../../engine/compress/store/sparsify';
import { momentsOf, packableLayers, weightRows, withStoredWeights, type StoredRows } from '../../../engine/compress/store/store-rows';
import type { Model, Node, NodeId } from '../../../engine/ir/types';
import { formsOf } from '../../../engine/passes/pipeline';
import type { StepReport, StoreStep } from '../steps';
import { sizeOf } from '../size';
import type { SampleArray } from '../../data/samples';
import type { Lab } from '../lab';
import { layerTargets, TRIAL, type LayerTarget } from '../reduce/layer-targets';
import type { Reduced, ReduceContext } from '../reduce/reduce-context';
import { refitData } from '../reduce/refit-model';

/** Where a step says nothing. */
const DEFAULT_SHARE = 0.5;
/** More zeros than by chance. */
const MOST_ZEROS = 0.2;
/** Largest code of int8 weights; -128 is left out, as TFLite demands. */
const MOST_CODE = 127;

const ruleOf = (step: StoreStep): string => (step.kind === 'cluster' ? `${step.entries} values` : `${step.pattern ?? 'free'} zeros`);

/**
 * The model with weights that take fewer bytes, one layer after another: each is first fitted to what the original computed from
 * what the layers before it make now, then stored with its errors passed on. `lab.source` is the model itself or, of a quantized
 * one, its twin on real numbers: layers have the same ids.
 */
export async function storeModel({ lab, data }: ReduceContext, model: Model, step: StoreStep): Promise<Reduced> {
  const isRefit = step.kind === 'cluster' || step.refit !== false;
  const layers = packableLayers(model, weightLayers(lab.source.graph).map(({ id }) => nodeOf(model, id))).filter((node) => savesBytes(step, node, weightRows(model, node), isRealLayer(model, node)));
  const targets = isRefit ? await layerTargets(lab, lab.source, data.all, TRIAL) : new Map<NodeId, LayerTarget>();
  const changes = new Map<NodeId, StoredRows>();
  const places: StepReport['places'][number][] = [];
  let twin = lab.source;
  for (const [index, node] of layers.entries()) {
    lab.task.progress({ stage: step.kind === 'cluster' ? 'Clustering weights' : 'Leaving out weights', done: index, total: layers.length });
    throwIfCancelled(lab.task.signal);
    const rows = weightRows(model, node);
    const isReal = isRealLayer(model, node);
    const target = targets.get(node.id);
    const now = target && node.inputs[2] !== undefined ? await seenNow(lab, twin, nodeOf(twin, node.id), target, data.all) : undefined;
    const fitted = now?.fitted && !keepsZeros(step, rows) ? { ...rows, values: unitsOf(now.fitted.weights, rows) } : rows;
    const values = changed(step, fitted, now?.statistics, isReal);
    const bias = now && movedBias(fitted === rows ? { means: now.means } : now, fitted, values, layerWeights(twin, node.id).bias);
    changes.set(node.id, { values, ...(bias ? { bias } : {}) });
    const real = values.map((value, i) => value * rows.rowScale[Math.floor(i / rows.depth)]);
    twin = withWeights(twin, new Map([[node.id, { weights: real, bias: bias ?? layerWeights(twin, node.id).bias }]]));
    const after = step.kind === 'cluster' ? new Set(values).size : values.filter((w) => w !== 0).length;
    places.push({ name: node.name, rule: ruleOf(step), before: rows.values.length, after, scan: [{ size: after, divergence: lostShare(rows, values, target?.statistics) }] });
  }
  const result = withStoredWeights(model, changes);
  const after = flashOf(result);
  return { model: result, report: { kind: step.kind, measure: 'flash', before: flashOf(model), asked: after, after, trials: [], places } };
}

/** Zeros that a step before has made stay: fitting all weights again would undo them. */
const keepsZeros = (step: StoreStep, { values }: WeightRows): boolean => step.kind === 'cluster' && Array.prototype.filter.call(values, (w: number) => w === 0).length > MOST_ZEROS * values.length;

const nodeOf = (model: Model, id: NodeId): Node => model.graph.nodes.find((node) => node.id === id)!;
const isRealLayer = (model: Model, node: Node): boolean => model.graph.values.get(node.inputs[1]!)!.type.dtype === 'float32';
const unitsOf = (weights: ArrayLike<number>, { depth, rowScale }: WeightRows): Float64Array => Float64Array.from(weights, (w, i) => w / rowScale[Math.floor(i / depth)]);

/** What a layer sees now, and the weights that make the best of it; those only where all outputs read the same columns. */
interface SeenNow {
  readonly means: readonly Float64Array[];
  readonly statistics?: InputStatistics;
  readonly fitted?: { readonly weights: Float64Array; readonly bias: Float64Array };
}

async function seenNow(lab: Lab, twin: Model, node: Node, target: LayerTarget, samples: SampleArray): Promise<SeenNow> {
  const parts = await refitData(lab, twin, node, Array.from({ length: target.outputs }, (_, o) => o), target, samples);
  const statistics = parts.map((data) => statisticsOf(data.rows, data.depth));
  const means = statistics.map(({ mean }) => mean);
  if (parts.length !== 1 || !target.statistics) return { means };
  const { weights, bias } = layerWeights(twin, node.id);
  return { means, statistics: statistics[0], fitted: refit(parts[0], weights, bias, target.clamp) };
}

/** The bias takes up what the means of a layer's outputs have lost. */
function movedBias({ means, fitted }: SeenNow, { values, depth, rowScale }: WeightRows, now: Float64Array, bias: ArrayLike<number>): Float64Array {
  const perGroup = rowScale.length / means.length;
  return Float64Array.from(rowScale, (scale, o) => {
    const mean = means[Math.floor(o / perGroup)];
    let sum = 0;
    for (let i = 0; i < depth; i++) sum += (values[o * depth + i] - now[o * depth + i]) * mean[i];
    return (fitted?.bias[o] ?? bias[o]) + sum * scale;
  });
}

/** Flash of C that is asked to be small: only that decodes weights. */
const flashOf = (model: Model): number =>
  sizeOf({ path: '', bytes: new Uint8Array(), ...formsOf(model), problems: [], labels: [] }, 'flash').flashBytes;

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

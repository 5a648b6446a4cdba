import type { LayerReport } from '../../engine/cost/report';
import type { LayerCall } from './scan';

/** What a constructor became: layers of the model, or nothing as it was folded into a neighbour. */
export interface MatchedCall {
  readonly call: LayerCall;
  /** Empty where the call costs nothing by itself. */
  readonly layers: readonly LayerReport[];
}

export interface SourceMatch {
  readonly calls: readonly MatchedCall[];
  /** Share of the model's layers with weights that were found. */
  readonly found: number;
}

/** Finds the layer of each constructor: by name, then by type and shape in order. Constructors without a layer are left out. */
export function matchLayers(calls: readonly LayerCall[], layers: readonly LayerReport[]): SourceMatch {
  const matched = new Map<LayerCall, LayerReport[]>();
  const taken = new Set<LayerReport>();
  const take = (call: LayerCall, found: readonly LayerReport[]): void => {
    matched.set(call, [...(matched.get(call) ?? []), ...found]);
    for (const layer of found) taken.add(layer);
  };
  for (const call of calls) {
    if (call.name === undefined || matched.has(call)) continue;
    const named = layers.filter((layer) => !taken.has(layer) && couldBe(call, layer, 0) && isNamed(layer, call.name!));
    if (named.length) take(call, named);
  }
  inOrder(calls.flatMap((call) => (matched.has(call) ? [] : call.constructor.becomes.map((_, part) => ({ call, part })))), layers.filter((layer) => !taken.has(layer)), take);
  const weighted = layers.filter((layer) => layer.family !== 'other' && layer.family !== 'unknown');
  const found = weighted.length ? weighted.filter((layer) => taken.has(layer)).length / weighted.length : 0;
  // What folds belongs to the layer before it in the source: where that was found, it has become a part of it.
  let isInside = false;
  const result = calls.flatMap((call): MatchedCall[] => {
    const own = matched.get(call);
    if (!call.constructor.folds) isInside = own !== undefined;
    if (own) return [{ call, layers: [...own].sort((a, b) => a.index - b.index) }];
    return call.constructor.folds && isInside ? [{ call, layers: [] }] : [];
  });
  return { calls: result, found };
}

/** `stem` names `stem/Conv2D`, `model/stem/Conv2D;model/stem/BiasAdd`, `/stem/Conv`, `features.stem.weight` and `stem_1`, but not `system`. */
function isNamed(layer: LayerReport, name: string): boolean {
  const segments = [layer.name, ...layer.origin.map((origin) => origin.name)].flatMap((text) => text.split(/[/;.:]/));
  return segments.includes(name);
}

function couldBe({ constructor, channels, isDepthwise }: LayerCall, layer: LayerReport, part: number): boolean {
  if (!constructor.becomes[part]?.includes(layer.op)) return false;
  const isSeparable = constructor.becomes.length > 1;
  const wantsDepthwise = isSeparable ? part === 0 : isDepthwise;
  if (layer.op === 'conv' && (layer.family === 'depthwise') !== wantsDepthwise) return false;
  const hasOwnChannels = channels !== undefined && (!isSeparable || part === 1);
  return !hasOwnChannels || layer.outputShape[layer.outputShape.length - 1] === channels || layer.outputShape[1] === channels;
}

/**
 * The longest sequence of pairs that keeps both orders, as between two versions of a text; constructors that never fold away weigh
 * more than those that may.
 */
function inOrder(parts: readonly { call: LayerCall; part: number }[], layers: readonly LayerReport[], take: (call: LayerCall, found: readonly LayerReport[]) => void): void {
  const [n, m] = [parts.length, layers.length];
  const width = m + 1;
  const best = new Float64Array((n + 1) * width);
  const weight = (i: number, j: number): number => (couldBe(parts[i].call, layers[j], parts[i].part) ? (parts[i].call.constructor.folds ? 1 : 4) : 0);
  for (let i = n - 1; i >= 0; i--) {
    for (let j = m - 1; j >= 0; j--) {
      const pair = weight(i, j);
      best[i * width + j] = Math.max(best[(i + 1) * width + j], best[i * width + j + 1], pair ? pair + best[(i + 1) * width + j + 1] : 0);
    }
  }
  for (let i = 0, j = 0; i < n && j < m; ) {
    const pair = weight(i, j);
    if (pair && best[i * width + j] === pair + best[(i + 1) * width + j + 1]) take(parts[i++].call, [layers[j++]]);
    else if (best[i * width + j] === best[(i + 1) * width + j]) i++;
    else j++;
  }
}

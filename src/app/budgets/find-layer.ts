import type { LayerReport } from '../../engine/cost/report';

/** By the name that the inspector shows, by `#index`, by the name in the file, or by a part of the path that only one layer has. */
export function findLayer(layers: readonly LayerReport[], wanted: string): LayerReport | undefined {
  const exact = layers.find(({ name, index }) => name === wanted || `#${index}` === wanted) ?? layers.find(({ origin }) => origin.some(({ name }) => name === wanted));
  if (exact) return exact;
  const parts = layers.filter(({ name }) => name.split('/').includes(wanted));
  return parts.length === 1 ? parts[0] : undefined;
}

import type { LayerReport } from '../../engine/cost/report';

/**
 * By the name that the inspector shows, by `#index`, by the name in the file, or by a part of the path that only one layer has.
 * Several where a layer of the file is run as several: in strips of rows. Empty: there is none.
 */
export function findLayers(layers: readonly LayerReport[], wanted: string): readonly LayerReport[] {
  const exact = layers.filter(({ name, index }) => name === wanted || `#${index}` === wanted);
  if (exact.length) return exact;
  const made = layers.filter(({ origin }) => origin.some(({ name }) => name === wanted));
  if (made.length) return made;
  const parts = layers.filter(({ name }) => name.split('/').includes(wanted));
  return parts.length === 1 ? parts : [];
}

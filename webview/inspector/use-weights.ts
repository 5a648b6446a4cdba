import { useEffect, useState } from 'preact/hooks';
import type { InspectorView, WeightsView } from '../../src/messages/inspector';
import type { Model } from './use-model';

/** Zeros and dead channels of all layers, asked for when first wanted and again when the model changes. */
export function useWeights(client: Model['client'], view: InspectorView | undefined, wanted: boolean): ReadonlyMap<number, WeightsView> | undefined {
  const [known, setKnown] = useState<{ readonly of: InspectorView; readonly weights: ReadonlyMap<number, WeightsView> }>();
  useEffect(() => {
    if (!wanted || !view || known?.of === view) return;
    let current = true;
    client.request('weights', null).then(
      (rows) => current && setKnown({ of: view, weights: new Map(rows.map((row) => [row.index, row])) }),
      () => {}, // the column stays unknown; what is wrong with the file is said above the table
    );
    return () => void (current = false);
  }, [wanted, view]);
  return known?.of === view ? known?.weights : undefined;
}

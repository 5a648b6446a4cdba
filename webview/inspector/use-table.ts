import { useMemo } from 'preact/hooks';
import type { InspectorView, LayerView } from '../../src/messages/inspector';
import type { FilterRow } from './filter/fields';
import { filterLayers } from './filter/match';
import { needsWeights, parseFilter, type FilterError } from './filter/parse';
import type { InspectorState } from './state';
import { shownColumns, type CellContext } from './table/columns';
import { sortLayers } from './table/order';
import type { Model } from './use-model';
import { useWeights } from './use-weights';

export interface TableModel {
  /** Layers that the filter leaves, sorted; the view's own array where nothing is filtered or sorted. */
  readonly rows: readonly LayerView[];
  readonly errors: readonly FilterError[];
  /** All layers, as the filter sees them. */
  readonly filterRows: readonly FilterRow[];
  readonly context: CellContext;
}

/** What filter, sort and columns make of the model. */
export function useTable(client: Model['client'], view: InspectorView | undefined, state: InspectorState): TableModel {
  const filter = useMemo(() => parseFilter(state.filter), [state.filter]);
  const columns = shownColumns(state.columns, view?.totals.timeUs !== undefined);
  const weights = useWeights(client, view, needsWeights(filter) || columns.some((column) => column.needsWeights) || columns.some(({ id, needsWeights: asks }) => asks && id === state.sort?.column));
  const context = useMemo((): CellContext => ({ weights, totals: view?.totals }), [weights, view]);
  const layers = view?.layers ?? [];
  const rows = useMemo(() => sortLayers(filterLayers(layers, filter, weights), state.sort, context), [layers, filter, weights, state.sort, context]);
  const filterRows = useMemo(() => layers.map((layer): FilterRow => ({ layer, weights: weights?.get(layer.index) })), [layers, weights]);
  return { rows, errors: filter.errors, filterRows, context };
}

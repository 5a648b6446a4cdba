import type { Sort } from './table/order';

/** What survives hiding and reloading the panel. */
export interface InspectorState {
  readonly filter: string;
  /** null: order of execution. */
  readonly sort: Sort | null;
  /** Index of a layer. */
  readonly selected: number | null;
  readonly scroll: number;
  readonly mapOpen: boolean;
}

export const initialState: InspectorState = { filter: '', sort: null, selected: null, scroll: 0, mapOpen: true };

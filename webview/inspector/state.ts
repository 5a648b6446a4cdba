import type { PlanView } from '../../src/messages/inspector';
import type { ColumnId } from './table/columns';
import type { Sort } from './table/order';

export type Tab = 'layers' | 'memory' | 'graph';

/** What survives hiding and reloading the panel. */
export interface InspectorState {
  readonly tab: Tab;
  readonly filter: string;
  /** null: order of execution. */
  readonly sort: Sort | null;
  /** null: the standard columns. */
  readonly columns: readonly ColumnId[] | null;
  readonly grouped: boolean;
  /** Blocks that are folded, by number. */
  readonly folded: readonly number[];
  /** Row in front: index of a layer, or a block below zero (`keyOfBlock`). */
  readonly selected: number | null;
  /** Rows selected besides it. */
  readonly more: readonly number[];
  readonly scroll: number;
  readonly mapOpen: boolean;
  /** True while the selected layer is shown in detail. */
  readonly detail: boolean;
  /** Plan of the arena that the memory tab shows. */
  readonly plan: PlanView['id'];
  /** Cost that the graph is coloured by. */
  readonly colour: ColumnId;
  /** Where the graph stands; null: the whole of it. */
  readonly graph: { readonly x: number; readonly y: number; readonly scale: number } | null;
}

export const initialState: InspectorState = {
  tab: 'layers', filter: '', sort: null, columns: null, grouped: false, folded: [], selected: null, more: [], scroll: 0, mapOpen: true, detail: false, plan: 'generated', colour: 'macs', graph: null,
};

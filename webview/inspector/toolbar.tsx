import type { RefObject } from 'preact';
import type { ExportKind, InspectorView, LayerView } from '../../src/messages/inspector';
import { IconButton } from '../kit';
import { MenuButton } from '../kit/menu';
import { Tabs } from '../kit/tabs';
import { FilterField } from './filter/filter-field';
import type { FilterRow } from './filter/fields';
import type { FilterError } from './filter/parse';
import type { InspectorState, Tab } from './state';
import { columns, shownColumns, type ColumnId } from './table/columns';
import { countText } from './table/count';

interface ToolbarProps {
  readonly view: InspectorView;
  readonly state: InspectorState;
  readonly rows: readonly LayerView[];
  readonly errors: readonly FilterError[];
  readonly filterRows: readonly FilterRow[];
  readonly filterRef: RefObject<HTMLInputElement | null>;
  readonly onState: (change: Partial<InspectorState>) => void;
  readonly onSave: (what: ExportKind) => void;
  readonly onLeave: () => void;
}

const tabs: readonly { readonly id: Tab; readonly text: string }[] = [
  { id: 'layers', text: 'Layers' },
  { id: 'memory', text: 'Memory' },
  { id: 'graph', text: 'Graph' },
];

const exports: readonly { readonly id: ExportKind; readonly text: string }[] = [
  { id: 'csv', text: 'Layers as CSV…' },
  { id: 'markdown', text: 'Layers as Markdown…' },
  { id: 'json', text: 'Report as JSON…' },
  { id: 'svg', text: 'Memory picture as SVG…' },
  { id: 'png', text: 'Memory picture as PNG…' },
];

export const Toolbar = ({ view, state, rows, errors, filterRows, filterRef, onState, onSave, onLeave }: ToolbarProps) => {
  const shown = shownColumns(state.columns, view.totals.timeUs !== undefined);
  const toggle = (id: string): void => {
    const ids = shown.map((column) => column.id);
    const next = ids.includes(id as ColumnId) ? ids.filter((known) => known !== id) : [...ids, id as ColumnId];
    onState({ columns: columns.map((column) => column.id).filter((known) => next.includes(known)) });
  };
  const choices = columns.filter(({ id }) => id !== 'index' && id !== 'name' && (id !== 'timeUs' || view.totals.timeUs !== undefined));
  return (
    <div class="toolbar">
      <Tabs label="Views" tabs={tabs} current={state.tab} onChange={(tab) => onState({ tab })} />
      {state.tab === 'layers' && (
        <FilterField value={state.filter} errors={errors} rows={filterRows} inputRef={filterRef} onChange={(filter) => onState({ filter })} onLeave={onLeave} />
      )}
      {/* What belongs together goes to the next line together. */}
      <div class="toolbar-end">
        {state.tab === 'layers' && <span class="dim small-text count" role="status">{countText(rows, view)}</span>}
        <span class="grow" />
        {state.tab !== 'memory' && (
          <span class="legend" aria-hidden="true">
            <span><i class="conv" />Conv, dense</span>
            <span><i class="depthwise" />Depthwise</span>
            <span><i class="other" />Other</span>
          </span>
        )}
        {state.tab === 'layers' && (
          <>
            <IconButton icon="list-tree" label={state.grouped ? 'Show layers without blocks' : 'Group layers by block'} pressed={state.grouped} onClick={() => onState({ grouped: !state.grouped })} />
            <MenuButton
              icon="settings"
              label="Columns"
              items={[
                ...choices.map(({ id, title, unit, tooltip }) => ({ id, text: unit ? `${title} (${unit})` : title === '%' ? 'Share (%)' : title, title: tooltip, checked: shown.some((column) => column.id === id) })),
                { id: 'standard', text: 'Reset columns' },
              ]}
              onChoose={(id) => (id === 'standard' ? onState({ columns: null }) : toggle(id))}
            />
          </>
        )}
        <MenuButton icon="export" label="Export" items={exports} onChoose={(id) => onSave(id as ExportKind)} />
      </div>
    </div>
  );
};

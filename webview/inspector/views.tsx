import { useEffect, useRef } from 'preact/hooks';
import type { Fix, Problem } from '../../src/base/problem';
import type { InspectorView } from '../../src/messages/inspector';
import { LayerDetail } from './detail/layer-detail';
import { GraphTab } from './graph/graph-tab';
import { Layers } from './layers';
import { MemoryTab } from './memory/memory-tab';
import { savePicture } from './picture';
import type { InspectorState } from './state';
import { Toolbar } from './toolbar';
import { isTyping, useCommands, usePlace } from './use-commands';
import type { Model } from './use-model';
import { useRequest } from './use-request';
import { useTable } from './use-table';

/** Up to so many layers the map tells what overwriting gains without being asked: planning twice costs little then. */
const QUICK_LAYERS = 400;

interface ViewsProps {
  readonly view: InspectorView;
  readonly client: Model['client'];
  /** The workspace may be written to, and this is the file on disk. */
  readonly writable: boolean;
  readonly state: InspectorState;
  /** Where the table stands, in pixels. */
  readonly scroll: number;
  readonly onScroll: (scroll: number) => void;
  readonly onState: (change: Partial<InspectorState>) => void;
  readonly onCopy: (text: string) => void;
  readonly problems: readonly Problem[];
  readonly onFix: (fix: Fix) => void;
}

/** The tabs, and the layer in detail, with one selection for all of them. */
export const Views = ({ view, client, writable, state, scroll, onScroll, onState, onCopy, problems, onFix }: ViewsProps) => {
  const filterField = useRef<HTMLInputElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const table = useTable(client, view, state);
  const graph = useRequest(client, 'graph', view, state.tab === 'graph');
  const plans = useRequest(client, 'plans', view, state.tab === 'memory' || view.layers.length <= QUICK_LAYERS);
  const lead = state.selected !== null && state.selected >= 0 && state.selected < view.layers.length ? state.selected : null;
  const goTo = (index: number, to: 'code' | 'source'): void => void client.request('goTo', { index, to });

  usePlace(client, state.detail && lead !== null ? 'detail' : state.tab);
  const filter = (): void => {
    // At once where the field is there: the next letter is its own.
    filterField.current?.focus();
    onState({ tab: 'layers', detail: false });
    requestAnimationFrame(() => filterField.current?.focus());
  };
  // Typing begins here: what follows the slash must find the field, and a way through the editor would take too long.
  useEffect(() => {
    const slash = (event: KeyboardEvent): void => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping()) return;
      event.preventDefault();
      filter();
    };
    document.addEventListener('keydown', slash);
    return () => document.removeEventListener('keydown', slash);
  }, []);
  useCommands({
    filterLayers: filter,
    quickFixes: () => document.querySelector<HTMLElement>('.messages .actions vscode-button')?.focus(),
    goToCode: () => lead !== null && goTo(lead, 'code'),
    goToSource: () => lead !== null && goTo(lead, 'source'),
  });

  const back = (): void => {
    onState({ detail: false });
    requestAnimationFrame(() => grid.current?.focus());
  };
  if (state.detail && lead !== null) {
    return (
      <LayerDetail
        view={view}
        rows={table.rows}
        sort={state.sort}
        costs={state.sort?.column ?? (view.totals.timeUs === undefined ? 'macs' : 'timeUs')}
        context={table.context}
        index={lead}
        client={client}
        problems={problems.filter(({ where }) => where?.layer === view.layers[lead].name)}
        onFix={onFix}
        onSelect={(index) => onState({ selected: index, more: [] })}
        onBack={back}
        onGraph={() => onState({ detail: false, tab: 'graph' })}
        onGoTo={goTo}
      />
    );
  }
  return (
    <>
      <Toolbar
        view={view}
        state={state}
        rows={table.rows}
        errors={table.errors}
        filterRows={table.filterRows}
        filterRef={filterField}
        onState={onState}
        onSave={(what) => void savePicture(client, what)}
        onLeave={() => grid.current?.focus()}
      />
      {state.tab === 'layers' && (
        <Layers
          view={view}
          rows={table.rows}
          context={table.context}
          state={state}
          scroll={scroll}
          onScroll={onScroll}
          gridRef={grid}
          apartBytes={plans.value?.find(({ id }) => id === 'apart')?.arena.bytes}
          onState={onState}
          onCopy={onCopy}
        />
      )}
      {state.tab === 'memory' && <MemoryTab view={view} plans={plans} chosen={state.plan} selected={lead} onPlan={(plan) => onState({ plan })} onUse={writable ? (id) => void client.request('usePlan', { id }) : undefined} onSelect={(index) => onState({ selected: index, more: [] })} />}
      {state.tab === 'graph' && <GraphTab view={view} graph={graph} state={state} onState={onState} />}
    </>
  );
};

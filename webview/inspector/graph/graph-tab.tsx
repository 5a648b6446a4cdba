import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { GraphView, InspectorView } from '../../../src/messages/inspector';
import { Dropdown, Icon, IconButton } from '../../kit';
import { useSize } from '../../shell/use-size';
import { stepText } from '../loading';
import type { InspectorState } from '../state';
import { columnOf, type ColumnId } from '../table/columns';
import { useCommands } from '../use-commands';
import type { Loaded } from '../use-request';
import { Drawing } from './drawing';
import { centred, fitted, panned, revealed, whole, zoomed, type Viewport } from './viewport';
import { nodeAfterKey, walkOf } from './walk';

interface GraphTabProps {
  readonly view: InspectorView;
  readonly graph: Loaded<GraphView>;
  readonly state: InspectorState;
  readonly onState: (change: Partial<InspectorState>) => void;
}

const ZOOM_STEP = 1.25;
const costs: readonly ColumnId[] = ['macs', 'timeUs', 'flashBytes', 'ramBytes'];

/** The network as a layered drawing with its costs as colour. */
export const GraphTab = ({ view, graph, state, onState }: GraphTabProps) => {
  const offered = costs.filter((id) => id !== 'timeUs' || view.totals.timeUs !== undefined);
  const cost = offered.includes(state.colour) ? state.colour : 'macs';
  return (
    <div class="graph-tab" id="tab-panel" role="tabpanel" aria-labelledby="tab-graph">
      {graph.value ? (
        <Canvas view={view} graph={graph.value} cost={cost} state={state} onState={onState}>
          <label class="small-text dim" id="colour-label">Colour by</label>
          <Dropdown label="Colour by" value={cost} options={offered.map((id) => ({ value: id, text: columnOf(id).title }))} onChange={(id) => onState({ colour: id as ColumnId })} />
        </Canvas>
      ) : (
        <div class="state" role={graph.problem ? 'alert' : 'status'}>
          {graph.problem ? <><Icon name="error" /><h2>{graph.problem.title}</h2></> : <p>{graph.step ? stepText(graph.step) : 'Laying out the graph…'}</p>}
        </div>
      )}
    </div>
  );
};

interface CanvasProps extends Omit<GraphTabProps, 'graph'> {
  readonly graph: GraphView;
  readonly cost: ColumnId;
  readonly children: preact.ComponentChildren;
}

const Canvas = ({ view, graph, cost, state, onState, children }: CanvasProps) => {
  const root = useRef<HTMLDivElement>(null);
  const screen = useSize(root);
  const walk = useMemo(() => walkOf(graph), [graph]);
  // The layer in front is the selection that all views share; only inputs and outputs are this view's own.
  const [port, setPort] = useState<number | null>(null);
  const at = port ?? (state.selected !== null && state.selected >= 0 ? state.selected : null);
  const [place, setPlace] = useState<Viewport | null>(state.graph);
  const shown = place ?? (screen.width ? fitted(graph, screen, 0.7, graph.nodes[0]?.x) : { x: 0, y: 0, scale: 1 });
  const move = (next: Viewport): void => {
    setPlace(next);
    onState({ graph: next });
  };
  const node = graph.nodes.find(({ id }) => id === at);
  const middle = { x: screen.width / 2, y: screen.height / 2 };
  const reveal = (id: number): Viewport => {
    const chosen = graph.nodes.find((other) => other.id === id);
    return chosen && screen.width ? revealed(shown, screen, chosen) : shown;
  };
  const choose = (id: number): void => {
    setPort(id < 0 ? id : null);
    const next = reveal(id);
    setPlace(next);
    onState({ graph: next, ...(id < 0 ? {} : { selected: id, more: [] }) });
  };
  const toSelection = (): void => void (node && move(centred(shown, screen, node.x, node.y)));
  // Selected elsewhere: shown here, with the least move.
  useEffect(() => {
    if (state.selected === null || state.selected < 0) return;
    const next = reveal(state.selected);
    if (next.x !== shown.x || next.y !== shown.y) move(next);
  }, [state.selected, screen.width > 0]);
  const keyDown = (event: KeyboardEvent): void => {
    const next = nodeAfterKey(event.key, node, graph.nodes, walk);
    if (next !== undefined) choose(next);
    else if (event.key === 'Enter' && at !== null && at >= 0) onState({ selected: at, detail: true });
    else return;
    event.preventDefault();
  };
  useCommands({
    zoomIn: () => move(zoomed(shown, ZOOM_STEP, middle)),
    zoomOut: () => move(zoomed(shown, 1 / ZOOM_STEP, middle)),
    zoomAll: () => move(whole(graph, screen)),
    zoomSelection: toSelection,
  });
  const wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const box = root.current!.getBoundingClientRect();
    if (event.ctrlKey || event.metaKey) move(zoomed(shown, Math.exp(-event.deltaY / 300), { x: event.clientX - box.left, y: event.clientY - box.top }));
    else move(panned(shown, event.shiftKey ? -event.deltaY : -event.deltaX, event.shiftKey ? 0 : -event.deltaY));
  };
  const drag = (event: PointerEvent): void => {
    if (event.buttons !== 1) return;
    move(panned(shown, event.movementX, event.movementY));
  };
  return (
    <>
      <div class="graph-canvas" ref={root} onWheel={wheel} onPointerMove={drag}>
        <Drawing graph={graph} view={view} cost={cost} place={shown} screen={screen} at={at} onChoose={choose} onOpen={(id) => id >= 0 && onState({ selected: id, more: [], detail: true })} onKeyDown={keyDown} />
      </div>
      <div class="graph-tools" role="toolbar" aria-label="Graph">
        {children}
        <IconButton icon="zoom-in" label="Zoom in (+)" onClick={() => move(zoomed(shown, ZOOM_STEP, middle))} />
        <IconButton icon="zoom-out" label="Zoom out (−)" onClick={() => move(zoomed(shown, 1 / ZOOM_STEP, middle))} />
        <IconButton icon="screen-full" label="Whole graph (0)" onClick={() => move(whole(graph, screen))} />
        <IconButton icon="target" label="Zoom to selection (Z)" onClick={toSelection} />
      </div>
    </>
  );
};

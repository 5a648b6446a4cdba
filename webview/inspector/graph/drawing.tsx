import { useMemo, useRef } from 'preact/hooks';
import type { GraphView, InspectorView } from '../../../src/messages/inspector';
import { columnOf, largest, numberText, type ColumnId } from '../table/columns';
import { sightOf, stillServes, type Extent, type Sight, type Viewport } from './viewport';

interface DrawingProps {
  readonly graph: GraphView;
  readonly view: InspectorView;
  readonly cost: ColumnId;
  readonly place: Viewport;
  readonly screen: Extent;
  /** Node in front. */
  readonly at: number | null;
  readonly onChoose: (id: number) => void;
  readonly onOpen: (id: number) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

type Node = GraphView['nodes'][number];

/** Below these sizes names, then arrow heads, are only noise. */
const TEXT_FROM = 0.4;
const HEADS_FROM = 0.25;
const CHARACTERS = 20;
/** Drawn on each side of what is in sight, as a part of it. */
const AROUND = 0.5;
/** So many boxes without text are no more work than drawing others whenever the sight changes. */
const MOST_AT_ONCE = 2000;
const NOWHERE: Sight = { x0: 0, y0: 0, x1: -1, y1: -1 };
const EVERYWHERE: Sight = { x0: -Infinity, y0: -Infinity, x1: Infinity, y1: Infinity };

const shortened = (text: string): string => (text.length <= CHARACTERS ? text : `${text.slice(0, CHARACTERS - 10)}…${text.slice(-9)}`);

/** Moving about is a change of one attribute, until it leaves what has been drawn around the sight. */
export const Drawing = ({ graph, view, cost, place, screen, at, onChoose, onOpen, onKeyDown }: DrawingProps) => {
  const drawn = useRef<Sight>(NOWHERE);
  const [text, heads] = [place.scale >= TEXT_FROM, place.scale >= HEADS_FROM];
  const isAll = !text && graph.nodes.length <= MOST_AT_ONCE;
  if (!isAll && !stillServes(drawn.current, sightOf(place, screen, graph, 0))) drawn.current = sightOf(place, screen, graph, AROUND);
  const sight = isAll ? EVERYWHERE : drawn.current;
  const content = useMemo(() => <Content graph={graph} view={view} cost={cost} sight={sight} text={text} heads={heads} at={at} />, [graph, view, cost, sight, text, heads, at]);
  const on = (chosen: (id: number) => void) => (event: MouseEvent): void => {
    const id = (event.target as Element).closest<SVGElement>('[data-node]')?.dataset.node;
    if (id !== undefined) chosen(Number(id));
  };
  return (
    <div class="graph-focus" role="listbox" tabIndex={0} aria-label={`Graph of ${view.layers.length} layers`} aria-activedescendant={at === null ? undefined : `node-${at}`} onKeyDown={onKeyDown}>
      <svg width={screen.width} height={screen.height} role="presentation">
        <defs>
          <marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head" d="M0,1 L7,4 L0,7 Z" /></marker>
        </defs>
        <g transform={`scale(${place.scale}) translate(${-place.x} ${-place.y})`} role="presentation" onMouseDown={on(onChoose)} onDblClick={on(onOpen)}>
          {content}
        </g>
      </svg>
    </div>
  );
};

interface ContentProps extends Pick<DrawingProps, 'graph' | 'view' | 'cost' | 'at'> {
  readonly sight: Sight;
  readonly text: boolean;
  readonly heads: boolean;
}

/** Boxes and arrows that are in sight; the others are not drawn. */
const Content = ({ graph, view, cost, sight, text, heads, at }: ContentProps) => {
  const { value } = columnOf(cost);
  const scale = useMemo(() => largest(view.layers, cost, {}), [view.layers, cost]);
  const spans = useMemo(() => graph.edges.map(({ points }) => spanOf(points)), [graph]);
  const inSight = (x0: number, y0: number, x1: number, y1: number): boolean => x1 >= sight.x0 && x0 <= sight.x1 && y1 >= sight.y0 && y0 <= sight.y1;
  const nodes = graph.nodes.filter((node) => inSight(node.x - node.width / 2, node.y - node.height / 2, node.x + node.width / 2, node.y + node.height / 2));
  const edges = graph.edges.filter((_, i) => inSight(...spans[i]));
  const share = (node: Node): number => (node.kind === 'layer' && scale ? Math.max(0, value?.(view.layers[node.id], {}) ?? 0) / scale : 0);
  const words = (node: Node): string => (node.kind === 'layer' ? wordsOf(view, node.id, cost) : `${node.kind} ${node.name}`);
  return (
    <>
      {edges.map((edge) => (
        <path key={`${edge.from} ${edge.to} ${edge.label}`} class={`edge${edge.from === at || edge.to === at ? ' lit' : ''}`} d={pathOf(edge.points)} marker-end={heads ? 'url(#head)' : undefined}>
          <title>{edge.label}</title>
        </path>
      ))}
      {nodes.map((node) => (
        <g key={node.id} id={`node-${node.id}`} class={`node ${node.kind}${node.id === at ? ' current' : ''}`} role="option" aria-selected={node.id === at} data-node={node.id}>
          <title>{words(node)}</title>
          <Box node={node} view={view} share={share(node)} text={text} cost={cost} />
        </g>
      ))}
    </>
  );
};

const Box = ({ node, view, share, text, cost }: { readonly node: Node; readonly view: InspectorView; readonly share: number; readonly text: boolean; readonly cost: ColumnId }) => {
  const [x, y] = [node.x - node.width / 2, node.y - node.height / 2];
  if (node.kind !== 'layer') {
    return (
      <>
        <rect class="box" x={x} y={y} width={node.width} height={node.height} rx={node.height / 2} />
        {text && <text text-anchor="middle" x={node.x} y={node.y + 4}>{shortened(node.name)}</text>}
      </>
    );
  }
  const layer = view.layers[node.id];
  const over = cost === 'ramBytes' && layer.overRam ? ' over' : '';
  return (
    <>
      <rect class="box" x={x} y={y} width={node.width} height={node.height} rx={3} />
      {/* The square root keeps small costs visible beside large ones. */}
      <rect class={`cost ${layer.family}${over}`} style={{ opacity: share ? 0.08 + 0.4 * Math.sqrt(share) : 0 }} x={x} y={y} width={node.width} height={node.height} rx={3} />
      {share > 0 && <rect class={`cost-bar ${layer.family}${over}`} x={x} y={y + node.height - 3} width={Math.max(1, share * node.width)} height={3} />}
      {text && (
        <>
          <text class="title" x={x + 8} y={y + 16}>{shortened(node.name)}</text>
          <text class="sub" x={x + 8} y={y + 31}>{`${layer.op} · ${numberText(cost, columnOf(cost).value!(layer, {}))}`}</text>
        </>
      )}
    </>
  );
};

function wordsOf(view: InspectorView, index: number, cost: ColumnId): string {
  const layer = view.layers[index];
  const { title, unit, value } = columnOf(cost);
  return `${index} ${layer.title}, ${layer.op}, ${layer.output}, ${title} ${numberText(cost, value!(layer, {}))}${unit ? ` ${unit}` : ''}`;
}

function spanOf(points: readonly number[]): [number, number, number, number] {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 2) {
    [x0, x1] = [Math.min(x0, points[i]), Math.max(x1, points[i])];
    [y0, y1] = [Math.min(y0, points[i + 1]), Math.max(y1, points[i + 1])];
  }
  return [x0, y0, x1, y1];
}

/** A smooth line through the points: curves that meet half way between them. */
function pathOf(points: readonly number[]): string {
  const at = (i: number): string => `${points[2 * i]},${points[2 * i + 1]}`;
  const count = points.length / 2;
  if (count < 3) return `M${at(0)} L${at(count - 1)}`;
  const half = (i: number): string => `${(points[2 * i] + points[2 * i + 2]) / 2},${(points[2 * i + 1] + points[2 * i + 3]) / 2}`;
  const curves = Array.from({ length: count - 2 }, (_, i) => `Q${at(i + 1)} ${i === count - 3 ? at(count - 1) : half(i + 1)}`);
  return `M${at(0)} ${curves.join(' ')}`;
}

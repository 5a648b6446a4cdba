import { useMemo, useRef, useState } from 'preact/hooks';
import { formatChange, formatCount, formatPercent } from '../../../src/base/units';
import type { InspectorView, PlanView } from '../../../src/messages/inspector';
import { Basis } from '../../kit';
import { blocksOf } from '../map/geometry';
import { SidewaysMap } from '../map/sideways-map';
import type { Loaded } from '../use-request';
import { TensorGrid } from './tensor-grid';

interface MemoryTabProps {
  readonly view: InspectorView;
  readonly plans: Loaded<readonly PlanView[]>;
  readonly chosen: PlanView['id'];
  readonly selected: number | null;
  readonly onPlan: (id: PlanView['id']) => void;
  readonly onSelect: (layer: number) => void;
}

const planTexts: Readonly<Record<PlanView['id'], { readonly title: string; readonly what: string }>> = {
  generated: { title: 'As generated', what: 'Outputs may lie over inputs that are read for the last time' },
  apart: { title: 'Without overwriting', what: 'Every output has bytes of its own while its input lives' },
  reordered: { title: 'In another order', what: 'Of layers that could run next, the one that leaves least alive' },
};

/** The arena as a picture: which tensor lies where and when, where the peak is, and what other plans would need. */
export const MemoryTab = ({ view, plans, chosen, selected, onPlan, onSelect }: MemoryTabProps) => {
  const known = plans.value ?? [];
  const plan = known.find(({ id }) => id === chosen) ?? { id: 'generated' as const, arena: view.arena, order: view.layers.map(({ index }) => index) };
  const { arena, order } = plan;
  const blocks = useMemo(() => blocksOf(arena, order.length), [arena, order]);
  const [tensor, setTensor] = useState(-1);
  const grid = useRef<HTMLDivElement>(null);
  const step = selected === null ? null : order.indexOf(selected);
  const choose = (at: number): void => {
    setTensor(at);
    const layer = order[blocks[at]?.first ?? -1];
    if (layer !== undefined) onSelect(layer);
  };
  return (
    <div class="memory-tab" id="tab-panel" role="tabpanel" aria-labelledby="tab-memory">
      <div class="plans" role="radiogroup" aria-label="Plans of the arena">
        {(Object.keys(planTexts) as PlanView['id'][]).map((id) => (
          <Plan key={id} id={id} plan={id === 'generated' ? { id, arena: view.arena, order } : known.find((other) => other.id === id)} base={view.arena.bytes} loading={!plans.value && !plans.problem} current={id === plan.id} onChoose={() => onPlan(id)} />
        ))}
        <div class="plan-facts small-text dim">
          <div class="row"><b>Arena of {formatCount(arena.bytes)} B</b> <Basis basis="exact" /></div>
          <div>{arena.bytes <= arena.liveBoundBytes ? 'No plan of this order needs less.' : `At least ${formatCount(arena.liveBoundBytes)} B are alive at one step: a plan of this order may save ${formatCount(arena.bytes - arena.liveBoundBytes)} B at most.`}</div>
        </div>
      </div>
      <SidewaysMap arena={arena} steps={order.length} selected={step !== null && step >= 0 ? step : null} tensor={tensor} onTensor={choose} onSelect={(at) => onSelect(order[at])} large />
      <TensorGrid blocks={blocks} order={order} layers={view.layers} current={tensor} gridRef={grid} onChoose={choose} />
    </div>
  );
};

interface PlanProps {
  readonly id: PlanView['id'];
  readonly plan: PlanView | undefined;
  readonly base: number;
  readonly loading: boolean;
  readonly current: boolean;
  readonly onChoose: () => void;
}

const Plan = ({ id, plan, base, loading, current, onChoose }: PlanProps) => {
  const { title, what } = planTexts[id];
  const change = plan && base ? plan.arena.bytes - base : 0;
  const text = !plan ? (loading ? '…' : 'this network has one order only') : id === 'generated' || change === 0 ? `${formatCount(plan.arena.bytes)} B${id === 'generated' ? '' : ', the same'}` : `${formatCount(plan.arena.bytes)} B (${formatChange(change)}, ${formatPercent(plan.arena.bytes / base)})`;
  return (
    <button type="button" role="radio" class="plan" data-plan={id} aria-checked={current} disabled={!plan} title={what} onClick={onChoose}>
      <i aria-hidden="true" />
      <span><b>{title}</b><br /><span class={`small-text${plan ? '' : ' dim'}`}>{text}</span></span>
    </button>
  );
};

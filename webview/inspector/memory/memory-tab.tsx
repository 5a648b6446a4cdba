import { useMemo, useRef, useState } from 'preact/hooks';
import { formatChange, formatCount } from '../../../src/base/units';
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
  /** Chooses how the first layers of the generated C run; absent where nothing may be written. */
  readonly onUse?: (id: 'strips' | 'whole') => void;
}

const planOrder: readonly PlanView['id'][] = ['generated', 'apart', 'file-order', 'strips', 'whole'];
const planTexts: Readonly<Record<PlanView['id'], { readonly title: string; readonly what: string }>> = {
  generated: { title: 'As generated', what: 'Outputs may lie over inputs that are read for the last time' },
  apart: { title: 'Without overwriting', what: 'Every output has bytes of its own while its input lives' },
  strips: { title: 'First layers in strips', what: 'A few rows at a time: the large tensors at the front are never whole in RAM. The outputs are the same' },
  whole: { title: 'Without strips', what: 'Every layer at once, as the file has it' },
  'file-order': { title: 'In the file\u2019s order', what: 'The generated C runs layers in the order with the lowest peak' },
};

/** The arena as a picture: which tensor lies where and when, where the peak is, and what other plans would need. */
export const MemoryTab = ({ view, plans, chosen, selected, onPlan, onSelect, onUse }: MemoryTabProps) => {
  const known = plans.value ?? [];
  const plan = known.find(({ id }) => id === chosen) ?? { id: 'generated' as const, arena: view.arena, order: view.layers.map(({ index }) => index) };
  const { arena, order } = plan;
  const blocks = useMemo(() => blocksOf(arena, order.length), [arena, order]);
  const [tensor, setTensor] = useState(-1);
  const grid = useRef<HTMLDivElement>(null);
  const step = selected === null ? null : order.indexOf(selected);
  // Strips only where the network has any, and then one of both.
  const offered = planOrder.filter((id) => (id !== 'strips' && id !== 'whole') || known.some((other) => other.id === id));
  const radios = useRef<HTMLDivElement>(null);
  const keyDown = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const possible = offered.filter((id) => id === 'generated' || known.some((other) => other.id === id));
    if (by === undefined) return;
    event.preventDefault();
    const next = possible[(possible.indexOf(plan.id) + by + possible.length) % possible.length];
    onPlan(next);
    radios.current?.querySelector<HTMLElement>(`[data-plan="${next}"]`)?.focus();
  };
  const choose = (at: number): void => {
    setTensor(at);
    const layer = order[blocks[at]?.first ?? -1];
    if (layer !== undefined) onSelect(layer);
  };
  return (
    <div class="memory-tab" id="tab-panel" role="tabpanel" aria-labelledby="tab-memory">
      <div class="plans" role="radiogroup" aria-label="Plans of the arena" ref={radios} onKeyDown={keyDown}>
        {offered.map((id) => (
          <Plan key={id} id={id} plan={id === 'generated' ? { id, arena: view.arena, order } : known.find((other) => other.id === id)} base={view.arena.bytes} loading={!plans.value && !plans.problem} current={id === plan.id} onChoose={() => onPlan(id)} />
        ))}
        <div class="plan-facts small-text dim">
          <div class="row">
            <b>Arena of {formatCount(arena.bytes)} B</b> <Basis basis="exact" />
            {onUse && (plan.id === 'strips' || plan.id === 'whole') && <button type="button" class="link" title="Kept in tinyml.json" onClick={() => onUse(plan.id as 'strips' | 'whole')}>Use this plan</button>}
          </div>
          <div>{plan.note && `${plan.note[0].toUpperCase()}${plan.note.slice(1)}. `}{arena.bytes <= arena.liveBoundBytes ? 'No plan of this order needs less.' : `At least ${formatCount(arena.liveBoundBytes)} B are alive at one step: a plan of this order may save ${formatCount(arena.bytes - arena.liveBoundBytes)} B at most.`}</div>
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
  const text = !plan ? (loading ? '…' : 'the generated C runs in it') : id === 'generated' || change === 0 ? `${formatCount(plan.arena.bytes)} B${id === 'generated' ? '' : ', the same'}` : `${formatCount(plan.arena.bytes)} B (${formatChange(change)} B, ${formatChange((change / base) * 100, 1)} %)`;
  return (
    <button type="button" role="radio" class="plan" data-plan={id} aria-checked={current} tabIndex={current ? 0 : -1} disabled={!plan} title={plan?.note ? `${what}: ${plan.note}` : what} onClick={onChoose}>
      <i aria-hidden="true" />
      <span><b>{title}</b><br /><span class={`small-text${plan ? '' : ' dim'}`}>{text}</span></span>
    </button>
  );
};

import { useEffect, useRef, useState } from 'preact/hooks';
import { isCancelled } from '../../src/base/cancel';
import type { Problem } from '../../src/base/problem';
import type { Progress } from '../../src/base/progress';
import { AbortLike } from '../../src/base/rpc';
import type { InspectorContract, InspectorFacts, InspectorView } from '../../src/messages/inspector';
import { connect } from '../shell/host';
import { problemOf } from '../shell/problem';
import { runCommand } from './use-commands';

/** Below this no loading state is shown: it would only flicker. */
const QUIET_MS = 300;

export interface ModelState {
  readonly facts?: InspectorFacts;
  /** Stays while a newer one is loaded, so that nothing jumps. */
  readonly view?: InspectorView;
  readonly problem?: Problem;
  readonly cancelled?: boolean;
  /** Set while loading has taken long enough to be worth showing. */
  readonly step?: Progress;
}

export interface Model {
  readonly state: ModelState;
  readonly client: ReturnType<typeof connect<InspectorContract>>;
  reload(): void;
  cancel(): void;
}

/** The model as the host knows it: loaded at once, and again whenever the host says that it changed. */
export function useModel(onSelect: (index: number, follows?: boolean) => void): Model {
  const [state, setState] = useState<ModelState>({});
  const current = useRef<AbortLike | null>(null);
  const reloadRef = useRef<() => void>(() => {});
  const selectRef = useRef(onSelect);
  selectRef.current = onSelect;
  const [client] = useState(() => connect<InspectorContract>({ changed: () => reloadRef.current(), select: ({ index, follows }) => selectRef.current(index, follows), command: ({ id }) => runCommand(id) }));

  async function load(): Promise<void> {
    current.current?.abort();
    const abort = new AbortLike();
    current.current = abort;
    const update = (change: (before: ModelState) => ModelState): void => {
      if (current.current === abort && !abort.aborted) setState(change);
    };
    let step: Progress = { stage: 'Reading the model' };
    let slow = false;
    const timer = setTimeout(() => {
      slow = true;
      update((before) => ({ ...before, step, cancelled: undefined }));
    }, QUIET_MS);
    try {
      const facts = await client.request('describe', null, { signal: abort });
      update((before) => ({ ...before, facts }));
      if (facts.selectedLayer !== undefined) onSelect(facts.selectedLayer);
      const progress = (next: Progress): void => {
        step = next;
        if (slow) update((before) => ({ ...before, step }));
      };
      const view = await client.request('inspect', null, { signal: abort, progress });
      update(({ facts: known }) => ({ facts: known, view }));
    } catch (error) {
      if (isCancelled(error)) update((before) => ({ ...before, step: undefined, cancelled: true }));
      else update(({ facts }) => ({ facts, problem: problemOf(error) }));
    } finally {
      clearTimeout(timer);
    }
  }

  reloadRef.current = () => void load();
  useEffect(() => {
    void load();
    return () => current.current?.abort();
  }, []);
  // At once: the engine may take a while to hear of it.
  const cancel = (): void => {
    current.current?.abort();
    setState((before) => ({ ...before, step: undefined, cancelled: true }));
  };
  return { state, client, reload: () => void load(), cancel };
}

import { useEffect, useRef, useState } from 'preact/hooks';
import { isCancelled } from '../../src/base/cancel';
import type { Problem } from '../../src/base/problem';
import type { Progress } from '../../src/base/progress';
import { AbortLike } from '../../src/base/rpc';
import type { CompareContract, CompareView } from '../../src/messages/compare';
import { connect, loadState, saveState } from '../shell/host';
import { problemOf } from '../shell/problem';

export interface ComparisonState {
  readonly view?: CompareView;
  readonly problem?: Problem;
  readonly step?: Progress;
}

export interface Comparison {
  readonly state: ComparisonState;
  readonly client: ReturnType<typeof connect<CompareContract>>;
  readonly stepRef: { current: (by: 1 | -1) => void };
  reload(): void;
}

/** The comparison as the host makes it, and again whenever a file or the board changes. */
export function useComparison(): Comparison {
  const [state, setState] = useState<ComparisonState>({ step: { stage: 'Reading the models' } });
  const current = useRef<AbortLike | null>(null);
  const reloadRef = useRef<() => void>(() => {});
  const stepRef = useRef<(by: 1 | -1) => void>(() => {});
  const [client] = useState(() => connect<CompareContract>({ changed: () => reloadRef.current(), step: ({ by }) => stepRef.current(by) }));

  async function load(): Promise<void> {
    current.current?.abort();
    const abort = new AbortLike();
    current.current = abort;
    const update = (next: (before: ComparisonState) => ComparisonState): void => void (current.current === abort && setState(next));
    try {
      const { state: models, ...view } = await client.request('compare', null, { signal: abort, progress: (step) => update((before) => ({ ...before, step })) });
      // Nothing else of what was kept may outlive the models that it was about.
      saveState({ ...models, onlyChanged: loadState({ onlyChanged: false }).onlyChanged });
      update(() => ({ view }));
    } catch (error) {
      if (!isCancelled(error)) update(() => ({ problem: problemOf(error) }));
    }
  }
  reloadRef.current = () => void load();
  useEffect(() => {
    void load();
    return () => current.current?.abort();
  }, []);
  return { state, client, stepRef, reload: () => void load() };
}

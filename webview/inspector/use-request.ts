import { useEffect, useState } from 'preact/hooks';
import { isCancelled } from '../../src/base/cancel';
import type { Problem } from '../../src/base/problem';
import type { Progress } from '../../src/base/progress';
import { AbortLike } from '../../src/base/rpc';
import type { InspectorContract, InspectorView } from '../../src/messages/inspector';
import { problemOf } from '../shell/problem';
import type { Model } from './use-model';

type Asked = 'graph' | 'plans' | 'remedies';

export interface Loaded<T> {
  readonly value?: T;
  readonly problem?: Problem;
  readonly step?: Progress;
}

/** Something more about the model on the screen, asked for once it is wanted and again when the model changes. */
export function useRequest<M extends Asked>(client: Model['client'], method: M, view: InspectorView | undefined, wanted: boolean): Loaded<InspectorContract['requests'][M]['result']> {
  const [loaded, setLoaded] = useState<Loaded<InspectorContract['requests'][M]['result']> & { readonly of?: InspectorView }>({});
  useEffect(() => {
    if (!wanted || !view || loaded.of === view) return;
    const abort = new AbortLike();
    const keep = (next: Loaded<InspectorContract['requests'][M]['result']>): void => void (abort.aborted || setLoaded({ ...next, of: view }));
    client.request(method, null as InspectorContract['requests'][M]['params'], { signal: abort, progress: (step) => abort.aborted || setLoaded({ step }) }).then(
      (value) => keep({ value }),
      (error: unknown) => isCancelled(error) || keep({ problem: problemOf(error) }),
    );
    return () => abort.abort();
  }, [wanted, view]);
  return loaded.of === undefined || loaded.of === view ? loaded : {};
}

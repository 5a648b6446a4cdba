import { useEffect, useState } from 'preact/hooks';
import { isCancelled } from '../../../src/base/cancel';
import type { Problem } from '../../../src/base/problem';
import { AbortLike } from '../../../src/base/rpc';
import type { InspectorView, LayerDetailView } from '../../../src/messages/inspector';
import { problemOf } from '../../shell/problem';
import type { Model } from '../use-model';

export interface LoadedLayer {
  /** Layer that was asked about. */
  readonly index?: number;
  readonly detail?: LayerDetailView;
  readonly problem?: Problem;
}

/** What the engine knows of one layer; the last one stays until the next is there, so that nothing jumps. */
export function useLayer(client: Model['client'], view: InspectorView, index: number): LoadedLayer {
  const [loaded, setLoaded] = useState<LoadedLayer>({});
  useEffect(() => {
    const abort = new AbortLike();
    client.request('layer', { index }, { signal: abort }).then(
      (detail) => !abort.aborted && setLoaded({ index, detail }),
      (error: unknown) => !isCancelled(error) && !abort.aborted && setLoaded({ index, problem: problemOf(error) }),
    );
    return () => abort.abort();
  }, [view, index]);
  // What went wrong with another layer says nothing of this one.
  return loaded.problem && loaded.index !== index ? {} : loaded;
}

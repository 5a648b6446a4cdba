import { useEffect, useState } from 'preact/hooks';
import { isCancelled } from '../../../src/base/cancel';
import type { Problem } from '../../../src/base/problem';
import { AbortLike } from '../../../src/base/rpc';
import type { InspectorView, LayerDetailView } from '../../../src/messages/inspector';
import { problemOf } from '../../shell/problem';
import type { Model } from '../use-model';

export interface LoadedLayer {
  readonly detail?: LayerDetailView;
  readonly problem?: Problem;
}

/** What the engine knows of one layer; the last one stays until the next is there, so that nothing jumps. */
export function useLayer(client: Model['client'], view: InspectorView, index: number): LoadedLayer {
  const [loaded, setLoaded] = useState<LoadedLayer>({});
  useEffect(() => {
    const abort = new AbortLike();
    client.request('layer', { index }, { signal: abort }).then(
      (detail) => !abort.aborted && setLoaded({ detail }),
      (error: unknown) => !isCancelled(error) && !abort.aborted && setLoaded({ problem: problemOf(error) }),
    );
    return () => abort.abort();
  }, [view, index]);
  return loaded;
}

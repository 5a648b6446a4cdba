import type { Services } from '../services';
import { givenUri } from './model-target';

/** Opens a model in the inspector with a layer selected: for links from generated C, from sources and from Problems. */
export async function showLayer(services: Services, target: unknown, layer: unknown, detail: unknown = false): Promise<void> {
  const uri = givenUri(target);
  if (uri && typeof layer === 'number') await services.inspectors.show(uri, layer, detail === true);
}

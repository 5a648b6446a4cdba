import type { InspectReport } from '../engine/cost/report';
import { portBroker } from '../app/port-broker';
import type { EngineRequests } from '../app/run-contract';
import type { PausableOwner } from '../device/transports/port-broker';

/**
 * What other extensions get from `activate`. A serial monitor that takes ports through `acquirePort` gives way for a flash and
 * comes back by itself; see docs/extension-api.md.
 */
export interface TinymlApi {
  /** Grows by one when something is added; nothing is taken away within a major version of the extension. */
  readonly version: 1;
  /**
   * Takes a serial port for this extension host. `pausable` is asked to close the port before a flash and told when, and where,
   * it may open it again. @returns what gives it back. @throws an error that names the owner where the port is taken.
   */
  acquirePort(path: string, owner: string, pausable?: PausableOwner): { dispose(): void };
  /** Name of who has the port here; undefined where nobody has. */
  ownerOfPort(path: string): string | undefined;
  readonly onDidChangePortOwner: (listener: (change: { readonly portPath: string; readonly owner: string | undefined }) => void) => { dispose(): void };
  /** What a model costs: the object of `tinyml inspect --json`. */
  inspect(path: string, board?: string): Promise<InspectReport>;
}

export const createApi = (engine: EngineRequests): TinymlApi => ({
  version: 1,
  acquirePort: (path, owner, pausable) => ({ dispose: portBroker.acquire(path, owner, pausable) }),
  ownerOfPort: (path) => portBroker.ownerOf(path),
  onDidChangePortOwner: portBroker.onDidChangeOwner,
  inspect: (path, board) => engine.request('inspect', { path, board }),
});

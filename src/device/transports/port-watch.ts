import type { Disposable } from '../../base/disposable';
import { Emitter } from '../../base/event';
import type { PortInfo } from './list-ports';

/** Listing ports asks the system for a few directory entries; nobody sees a plug within less. */
const POLL_MS = 2000;

/** The serial driver is native: it is loaded when ports are first looked at. */
const listPorts = async (): Promise<readonly PortInfo[]> => (await import('./list-ports')).listPorts();

/** The serial ports of this computer as boards come and go. Looks only between `start` and `stop`. */
export class PortWatch implements Disposable {
  private readonly changed = new Emitter<readonly PortInfo[] | undefined>();
  private readonly failed = new Emitter<unknown>();
  /** With the ports there are now; undefined where the system could not list them. */
  readonly onDidChange = this.changed.event;
  /** Once for each time in a row that they cannot be listed. */
  readonly onDidFail = this.failed.event;
  private seen: readonly PortInfo[] | undefined = [];
  private failing = false;
  private watching = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private looking: Promise<void> | undefined;

  constructor(private readonly pollMs = POLL_MS, private readonly list: () => Promise<readonly PortInfo[]> = listPorts) {}

  get ports(): readonly PortInfo[] | undefined {
    return this.seen;
  }

  /** Idempotent. */
  start(): void {
    if (this.watching) return;
    this.watching = true;
    void this.poll();
  }

  stop(): void {
    this.watching = false;
    clearTimeout(this.timer);
  }

  /** Looks at once; while a look is under way that one counts. */
  refresh(): Promise<void> {
    return (this.looking ??= this.look().finally(() => (this.looking = undefined)));
  }

  dispose(): void {
    this.stop();
    this.changed.dispose();
    this.failed.dispose();
  }

  private async look(): Promise<void> {
    const before = JSON.stringify(this.seen);
    try {
      this.seen = await this.list();
      this.failing = false;
    } catch (error) {
      this.seen = undefined;
      if (!this.failing) this.failed.fire(error);
      this.failing = true;
    }
    if (JSON.stringify(this.seen) !== before) this.changed.fire(this.seen);
  }

  private async poll(): Promise<void> {
    await this.refresh();
    if (this.watching) this.timer = setTimeout(() => void this.poll(), this.pollMs);
  }
}

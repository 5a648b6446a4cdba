import type { Disposable } from '../../base/disposable';
import { Emitter } from '../../base/event';
import { ProblemError } from '../../base/problem';
import * as problems from './problems';

/** An owner that gives way for a while: a monitor, while its board is flashed. */
export interface PausableOwner {
  /** Resolves when the port has been closed and given back. */
  pause(): Promise<void>;
  /** The port is free again, perhaps under another path. */
  resume(portPath: string): Promise<void>;
}

/** A port that is borrowed from a paused owner, or was free. */
export interface Loan {
  /** Gives the port back; the paused owner resumes at `portPath`, where the board now is. Idempotent. */
  release(portPath?: string): Promise<void>;
}

export interface OwnerChange {
  readonly portPath: string;
  readonly owner: string | undefined;
}

/** One owner of a port at a time within this program. Other programs are kept out by the operating system's lock. */
export class PortBroker implements Disposable {
  private readonly owners = new Map<string, { readonly name: string; readonly pausable?: PausableOwner }>();
  private readonly changed = new Emitter<OwnerChange>();
  readonly onDidChangeOwner = this.changed.event;

  /** @throws ProblemError naming the holder when the port is taken. The returned function gives it back; idempotent. */
  acquire(portPath: string, owner: string, pausable?: PausableOwner): () => void {
    const holder = this.owners.get(portPath);
    if (holder) throw new ProblemError(problems.portTaken(portPath, holder.name));
    const entry = { name: owner, pausable };
    this.owners.set(portPath, entry);
    this.changed.fire({ portPath, owner });
    return () => {
      if (this.owners.get(portPath) !== entry) return;
      this.owners.delete(portPath);
      this.changed.fire({ portPath, owner: undefined });
    };
  }

  /**
   * Makes way for `owner`: pauses who has the port if that can be paused. The borrower then acquires it as usual, under whatever
   * paths the board has meanwhile.
   * @throws ProblemError naming the holder when it cannot be paused.
   */
  async borrow(portPath: string): Promise<Loan> {
    const holder = this.owners.get(portPath);
    if (!holder) return { release: () => Promise.resolve() };
    if (!holder.pausable) throw new ProblemError(problems.portTaken(portPath, holder.name));
    const { pausable } = holder;
    await pausable.pause();
    let released: Promise<void> | undefined;
    return { release: (now = portPath) => (released ??= pausable.resume(now)) };
  }

  ownerOf(portPath: string): string | undefined {
    return this.owners.get(portPath)?.name;
  }

  dispose(): void {
    this.changed.dispose();
  }
}

import { ProblemError } from '../../base/problem';
import * as problems from './problems';

/** One owner of a port at a time within this program. Other programs are kept out by the operating system's lock. */
export class PortBroker {
  private readonly owners = new Map<string, string>();

  /** @throws ProblemError naming the holder when the port is taken. The returned function gives it back; idempotent. */
  acquire(portPath: string, owner: string): () => void {
    const holder = this.owners.get(portPath);
    if (holder !== undefined) throw new ProblemError(problems.portTaken(portPath, holder));
    this.owners.set(portPath, owner);
    let released = false;
    return () => {
      if (!released) this.owners.delete(portPath);
      released = true;
    };
  }

  ownerOf(portPath: string): string | undefined {
    return this.owners.get(portPath);
  }
}

import type { ValueId } from '../../ir/types';

/** Names of values where a node stands: its own graph's, then those of the graphs around it. */
export class Scope {
  private readonly own = new Map<string, ValueId>();

  /** `prefix` goes in front of names of inlined values, to keep the IR readable. */
  constructor(private readonly outer?: Scope, readonly prefix = '') {}

  get(name: string): ValueId | undefined {
    return this.own.get(name) ?? this.outer?.get(name);
  }

  set(name: string, id: ValueId): void {
    this.own.set(name, id);
  }

  hasOwn(name: string): boolean {
    return this.own.has(name);
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }
}

import fs from 'node:fs/promises';
import type { Task } from '../base/progress';
import type { Program } from '../engine/codegen/program';
import { findModelData } from './data/project-file';
import type { PlanRequest } from './engine-contract';
import type { OpenModel } from './model-file';
import { placeOf } from './model-place';

export interface OpenProgram {
  readonly open: OpenModel;
  readonly program: Program;
}

/** What a task may have besides: programs that were planned before. */
export type PlanTask = Task & { readonly programs?: ProgramCache };

/** Models that are kept: the one that is looked at, and one to compare it with. */
const KEPT = 2;
/** A model that nobody asks about is let go. */
const IDLE_MS = 60_000;

/**
 * Programs of the models that were asked about last, so that a layer in detail, the graph and other plans need not read and plan
 * again. Only what is complete is kept: a request that is cancelled takes nothing from another.
 */
export class ProgramCache {
  private readonly kept = new Map<string, OpenProgram>();
  private idle: NodeJS.Timeout | undefined;

  /** Tells one state of a model and its plan from another; undefined where that cannot be told, and nothing is kept. */
  async keyOf(request: PlanRequest, isa: string): Promise<string | undefined> {
    if (request.bytes) return undefined;
    try {
      const { mtimeMs, size, ino } = await fs.stat(placeOf(request.path).file);
      const { bindings, memory } = await findModelData(request.path);
      return JSON.stringify([request.path, mtimeMs, size, ino, isa, bindings, request.bindings, request.memory, memory, request.usualMemory]);
    } catch {
      return undefined; // whoever opens the file says what is wrong
    }
  }

  get(key: string): OpenProgram | undefined {
    const found = this.kept.get(key);
    // Weights that lie in other files may have changed since: those are not looked at.
    if (found?.open.readsOtherFiles?.()) this.kept.delete(key);
    else if (found) this.keep(key, found);
    return found && this.kept.get(key);
  }

  keep(key: string, program: OpenProgram): void {
    this.kept.delete(key);
    this.kept.set(key, program);
    for (const oldest of this.kept.keys()) if (this.kept.size > KEPT) this.kept.delete(oldest);
    clearTimeout(this.idle);
    this.idle = setTimeout(() => this.kept.clear(), IDLE_MS);
    this.idle.unref();
  }
}

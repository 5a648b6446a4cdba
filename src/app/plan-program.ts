import { throwIfCancelled, type CancelSignal } from '../base/cancel';
import { searchWithin, type MemoryChoice } from '../engine/codegen/choose-strips';
import type { Isa } from '../engine/codegen/kernel';
import type { PlanOptions, Program } from '../engine/codegen/program';
import type { Model } from '../engine/ir/types';

/** `planWithin`, which others can interrupt and cancel. */
export async function planProgramWithin(model: Model, isa: Isa, choice: MemoryChoice | undefined, signal: CancelSignal, options?: PlanOptions): Promise<Program> {
  const search = searchWithin(model, isa, choice, options);
  for (;;) {
    const { done, value } = search.next();
    if (done) return value;
    await breathe(signal);
  }
}

/** Lets waiting messages in, a cancellation among them. */
export async function breathe(signal: CancelSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  throwIfCancelled(signal);
}

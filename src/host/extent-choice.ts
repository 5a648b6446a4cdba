import { Emitter } from '../base/event';
import type { Disposable } from '../base/disposable';

type Extents = Readonly<Record<string, number>>;

/** Extents that the user gave for models that leave some open, until the window is closed; go before those of tinyml.json. */
export class ExtentChoice implements Disposable {
  private readonly given = new Map<string, Extents>();
  private readonly changed = new Emitter<string>();
  /** Fires with the model's path. */
  readonly onDidChange = this.changed.event;

  of(model: string): Extents | undefined {
    return this.given.get(model);
  }

  set(model: string, extents: Extents): void {
    this.given.set(model, { ...this.given.get(model), ...extents });
    this.changed.fire(model);
  }

  /** What tinyml.json says holds again. */
  forget(model: string): void {
    if (this.given.delete(model)) this.changed.fire(model);
  }

  dispose(): void {
    this.changed.dispose();
  }
}

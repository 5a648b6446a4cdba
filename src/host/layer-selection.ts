import type { Disposable } from '../base/disposable';
import { Emitter } from '../base/event';

export interface SelectedLayer {
  /** Path of the model. */
  readonly model: string;
  readonly index: number;
  /** A view that follows along: it does not hear itself, and what it says is not kept for views that are opened later. */
  readonly from?: object;
}

/** The layer that all views are about: set by lenses, hints and commands, shown by whoever draws the model. */
export class LayerSelection implements Disposable {
  private readonly changed = new Emitter<SelectedLayer>();
  readonly onDidChange = this.changed.event;
  private last: SelectedLayer | undefined;

  select(selected: SelectedLayer): void {
    if (!selected.from) this.last = selected;
    this.changed.fire(selected);
  }

  /** The layer of a model that was selected before its view was open; asked once. */
  takeFor(model: string): number | undefined {
    if (this.last?.model !== model) return undefined;
    const { index } = this.last;
    this.last = undefined;
    return index;
  }

  dispose(): void {
    this.changed.dispose();
  }
}

import type { LayerView } from '../../../src/messages/inspector';

/** A row of the table: a layer, or a block that can be folded. */
export type Item = { readonly kind: 'layer'; readonly layer: LayerView } | { readonly kind: 'block'; readonly block: BlockRow };

/** A block with the sums of those of its layers that are shown; RAM is a peak. null: one of its layers is unknown. */
export interface BlockRow {
  readonly id: number;
  readonly title: string;
  readonly layers: readonly LayerView[];
  readonly folded: boolean;
}

/** Rows of the table: blocks above their layers where grouped, in the order in which they first appear. */
export function itemsOf(layers: readonly LayerView[], grouped: boolean, names: readonly string[], folded: ReadonlySet<number>): readonly Item[] {
  const asItem = (layer: LayerView): Item => ({ kind: 'layer', layer });
  if (!grouped) return layers.map(asItem);
  const blocks = new Map<number, LayerView[]>();
  for (const layer of layers) {
    const known = blocks.get(layer.block);
    if (known) known.push(layer);
    else blocks.set(layer.block, [layer]);
  }
  return [...blocks].flatMap(([id, inside]): Item[] => {
    const isFolded = folded.has(id);
    return [{ kind: 'block', block: { id, title: names[id] ?? String(id), layers: inside, folded: isFolded } }, ...(isFolded ? [] : inside.map(asItem))];
  });
}

/** The selection holds layers as their index and blocks below zero. */
export const keyOfBlock = (id: number): number => -1 - id;
export const keyOf = (item: Item): number => (item.kind === 'layer' ? item.layer.index : keyOfBlock(item.block.id));

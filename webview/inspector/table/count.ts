import { formatCount, formatPercent, formatShort } from '../../../src/base/units';
import type { InspectorView, LayerView } from '../../../src/messages/inspector';

/** `9 of 31 layers · 4.42 M MACs (59 %)` */
export function countText(rows: readonly LayerView[], view: InspectorView): string {
  const all = view.layers.length;
  const text = `${formatCount(rows.length)} of ${formatCount(all)} ${all === 1 ? 'layer' : 'layers'}`;
  if (rows.length === all || !view.totals.macs) return text;
  const macs = rows.reduce((sum, layer) => sum + (layer.macs ?? 0), 0);
  return `${text} · ${formatShort(macs)} MACs (${formatPercent(macs / view.totals.macs)})`;
}

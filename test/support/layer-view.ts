/** A layer as a view has it, for tests of tables and filters. */
import type { LayerView } from '../../src/messages/inspector';

export const layerView = (index: number, change: Partial<LayerView> = {}): LayerView => ({
  index, name: `conv${index}`, title: change.name ?? `conv${index}`, op: 'Conv 3×3', family: 'conv', output: '1×8×8×4', macs: 100, flashBytes: 10, ramBytes: 50,
  timeUs: null, params: 8, outputBytes: 256, dtype: 'int8', block: 0, origin: [], overRam: false, ...change,
});

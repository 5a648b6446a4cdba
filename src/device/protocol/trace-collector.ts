import type { Frame } from './framing';
import type { MessageName } from './messages';
import { decodePayload } from './payload';
import type { LayerTrace, TracedResult } from './session-types';

/** Gathers what a watched run tells of its layers. A repeated frame counts once; a gap in a tensor leaves none. */
export class TraceCollector {
  private readonly layers = new Map<number, Omit<LayerTrace, 'us'>>();
  private readonly pieces = new Map<number, Uint8Array>();

  constructor(private readonly tensorOf: number | undefined) {}

  /** True where the frame is part of a trace. */
  take(name: MessageName, frame: Frame): boolean {
    if (name === 'layerDone') {
      const layer = decodePayload('layerDone', frame.payload);
      if (layer) this.layers.set(layer.layer, layer);
      return layer !== undefined;
    }
    if (name !== 'tensor') return false;
    const piece = decodePayload('tensor', frame.payload);
    if (piece && piece.layer === this.tensorOf) this.pieces.set(piece.offset, piece.bytes);
    return piece !== undefined;
  }

  result(tickHz: number): Pick<TracedResult, 'layers' | 'tensor'> {
    const layers = [...this.layers.values()].map((layer) => ({ ...layer, us: (layer.ticks * 1e6) / tickHz }));
    const tensor = this.tensor();
    return { layers, ...(tensor ? { tensor } : {}) };
  }

  private tensor(): Uint8Array | undefined {
    const expected = this.tensorOf === undefined ? undefined : this.layers.get(this.tensorOf)?.bytes;
    if (expected === undefined) return undefined;
    const tensor = new Uint8Array(expected);
    let filled = 0;
    for (const [offset, bytes] of [...this.pieces].sort(([a], [b]) => a - b)) {
      if (offset !== filled || offset + bytes.length > expected) return undefined;
      tensor.set(bytes, offset);
      filled += bytes.length;
    }
    return filled === expected ? tensor : undefined;
  }
}

/** The float32 whose bits a `layerDone` carries. */
export function floatOfBits(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits >>> 0);
  return view.getFloat32(0);
}

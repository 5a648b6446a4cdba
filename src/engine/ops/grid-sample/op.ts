import { elementCount } from '../../ir/dtype';
import { zeros } from '../../ir/tensor';
import type { OnnxMapping } from '../../formats/onnx/mapping';
import { rowStrides } from '../gather/indices';
import { ShapeError, type OpDefinition } from '../op';
import { reflect, tapsAt, type Mode } from './taps';

const paddings = ['zeros', 'border', 'reflection'];
/** Names of the modes before operator set 20. */
const modes: Readonly<Record<string, Mode>> = { linear: 'linear', bilinear: 'linear', nearest: 'nearest', cubic: 'cubic', bicubic: 'cubic' };

const onnx: OnnxMapping = {
  import: {
    GridSample(node) {
      const mode = modes[node.text('mode', 'linear')] ?? node.refuse('an unknown interpolation');
      const padding = node.text('padding_mode', 'zeros');
      if (!paddings.includes(padding)) node.refuse(`the padding ${padding}`);
      node.emit('grid_sample', node.inputs, { mode, padding, alignCorners: node.int('align_corners', 0) === 1 });
    },
  },
  since: () => 20,
  export: (node, writer) => writer.emit('GridSample', writer.inputs, writer.outputs, { mode: node.text('mode'), padding_mode: node.text('padding'), align_corners: node.flag('alignCorners') ? 1 : 0 }),
};

/** An image read at given places. Inputs: image [batch, channels, spatial...], grid [batch, places..., axes from last to first, -1 to 1]. */
export const gridSample: OpDefinition = {
  name: 'grid_sample',
  needs: 2,
  label: () => 'GridSample',
  infer(node) {
    const [image, grid] = [node.type(0), node.type(1).shape];
    if (!image.shape || !grid) return [{ dtype: image.dtype, shape: undefined }];
    if (grid.length !== image.shape.length || grid[grid.length - 1] !== grid.length - 2) throw new ShapeError(`a grid of ${grid.join('×')} for ${image.shape.join('×')}`);
    return [{ dtype: image.dtype, shape: [image.shape[0], image.shape[1], ...grid.slice(1, -1)] }];
  },
  evaluate(node, [image, grid]) {
    const result = zeros(node.outputType());
    const [batch, channels, ...spatial] = image!.type.shape;
    const strides = rowStrides(spatial);
    const [area, places] = [elementCount(spatial), elementCount(grid!.type.shape.slice(1, -1))];
    const [mode, padding, align] = [node.text('mode') as Mode, node.text('padding'), node.flag('alignCorners')];
    const rank = spatial.length;
    for (let p = 0; p < batch * places; p++) {
      // The grid's last axis names x before y; the image's axes are y before x.
      const axes = spatial.map((extent, axis) => {
        const normal = grid!.data[p * rank + rank - 1 - axis];
        let at = align ? ((normal + 1) / 2) * (extent - 1) : ((normal + 1) * extent - 1) / 2;
        if (mode === 'nearest' || padding !== 'zeros') at = place(at, extent, mode === 'cubic' ? 'zeros' : padding, align);
        return tapsAt(at, mode).map((tap) => ({ ...tap, index: inside(tap.index, extent, padding, align) }));
      });
      const taps = axes.reduce<{ at: number; weight: number }[]>(
        (all, list, axis) => all.flatMap((tap) => list.flatMap((next) => (next.index < 0 ? [] : [{ at: tap.at + next.index * strides[axis], weight: tap.weight * next.weight }]))), [{ at: 0, weight: 1 }],
      );
      const [b, place0] = [Math.floor(p / places), p % places];
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (const tap of taps) sum += image!.data[(b * channels + c) * area + tap.at] * tap.weight;
        result.data[(b * channels + c) * places + place0] = sum;
      }
    }
    return [result];
  },
  onnx,
};

const place = (at: number, extent: number, padding: string, align: boolean): number =>
  padding === 'border' ? Math.min(extent - 1, Math.max(0, at)) : padding === 'reflection' ? reflect(at, extent, align) : at;

/** The pixel that stands for an index outside of the image, or -1 where that is nothing. */
function inside(index: number, extent: number, padding: string, align: boolean): number {
  if (index >= 0 && index < extent) return index;
  if (padding === 'zeros') return -1;
  return padding === 'border' ? Math.min(extent - 1, Math.max(0, index)) : Math.round(reflect(index, extent, align));
}

import type { TfliteMapping, TfliteNode } from '../../formats/tflite/mapping';

export const resizeTflite: TfliteMapping = {
  import: {
    RESIZE_BILINEAR: (node) => void node.emit('resize', [node.inputs[0]], {
      layout: 'nhwc', sizes: sizesOf(node), mode: 'linear',
      coordinates: node.flag('alignCorners') ? 'align_corners' : node.flag('halfPixelCenters') ? 'half_pixel' : 'asymmetric',
    }),
    RESIZE_NEAREST_NEIGHBOR(node) {
      const aligned = node.flag('alignCorners');
      const centers = node.flag('halfPixelCenters');
      const coordinates = aligned ? (centers ? 'align_corners_half_pixel' : 'align_corners') : centers ? 'tf_half_pixel_for_nn' : 'asymmetric';
      node.emit('resize', [node.inputs[0]], { layout: 'nhwc', sizes: sizesOf(node), mode: 'nearest', coordinates, rounding: aligned ? 'round_prefer_ceil' : 'floor' });
    },
  },
  export(node, writer) {
    const [mode, coordinates, rounding] = [node.text('mode'), node.text('coordinates'), node.text('rounding', 'floor')];
    const sizes = node.ints('sizes');
    if (node.text('layout') !== 'nhwc' || sizes.length !== 2 || mode === 'cubic') return writer.refuse(`a ${mode} resize`);
    const aligned = coordinates.startsWith('align_corners');
    if (mode === 'nearest' && rounding !== (aligned ? 'round_prefer_ceil' : 'floor')) return writer.refuse(`nearest by ${rounding}`);
    const known = mode === 'nearest' ? ['asymmetric', 'tf_half_pixel_for_nn', 'align_corners', 'align_corners_half_pixel'] : ['asymmetric', 'half_pixel', 'align_corners'];
    if (!known.includes(coordinates)) return writer.refuse(`coordinates by ${coordinates}`);
    const options = { alignCorners: aligned ? 1 : 0, halfPixelCenters: coordinates.includes('half_pixel') ? 1 : 0 };
    writer.emit(mode === 'nearest' ? 'RESIZE_NEAREST_NEIGHBOR' : 'RESIZE_BILINEAR', [writer.inputs[0], writer.numbers('size', sizes)], writer.outputs, options);
  },
};

function sizesOf(node: TfliteNode): readonly number[] {
  if (node.type(0).shape?.length !== 4) node.refuse('an image that has not four axes');
  return node.known(1, 'sizes');
}

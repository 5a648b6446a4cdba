import type { TfliteMapping } from '../../formats/tflite/mapping';
import { exportTflitePool, importTflitePool } from '../pool';

export const averagePoolTflite: TfliteMapping = {
  import: {
    AVERAGE_POOL_2D: (node) => node.emitActivated('average_pool', [node.inputs[0]], importTflitePool(node)),
  },
  export(node, writer) {
    if (node.flag('countPadding') && node.ints('pads', [0]).some((pad) => pad !== 0)) return writer.refuse('a mean that counts padding');
    exportTflitePool(node, writer, 'AVERAGE_POOL_2D');
  },
};

import type { TfliteMapping } from '../../formats/tflite/mapping';
import { exportTflitePool, importTflitePool } from '../pool';

export const maxPoolTflite: TfliteMapping = {
  import: {
    MAX_POOL_2D: (node) => node.emitActivated('max_pool', [node.inputs[0]], importTflitePool(node)),
  },
  export: (node, writer) => exportTflitePool(node, writer, 'MAX_POOL_2D'),
};

import type { Board } from '../../../src/device/boards/board';
import { boards } from '../../../src/device/boards/index';
import type { InspectReport, LayerReport } from '../../../src/engine/cost/report';

/** A board with the given memory, otherwise like one of ours. */
export const boardWith = (ramBytes: number | undefined, flashBytes: number | undefined): Board => ({
  ...boards[0],
  name: 'Test board',
  ramBytes: ramBytes === undefined ? undefined : { value: ramBytes, source: 'test' },
  flashBytes: flashBytes === undefined ? undefined : { value: flashBytes, source: 'test' },
});

export const layer = (index: number, change: Partial<LayerReport> = {}): LayerReport => ({
  index,
  name: `layer_${index}`,
  op: 'conv',
  label: 'Conv 3×3',
  family: 'conv',
  macs: 1000 * (index + 1),
  executedMacs: 1000 * (index + 1),
  params: 10,
  weightBytes: 40,
  outputBytes: 64,
  liveBytes: 500 + index,
  outputShape: [1, 4, 4, 4],
  dtype: 'float32',
  origin: [{ name: `layer_${index}`, op: 'Conv', index }],
  layoutOnly: false, counted: true,
  ...change,
});

/** A small report that is right in itself: the parts under test are changed by the test. */
export function sampleReport(change: { layers?: readonly LayerReport[]; ramBytes?: number; flashBytes?: number; problems?: InspectReport['problems'] } = {}): InspectReport {
  const layers = change.layers ?? [layer(0), layer(1)];
  const uncounted = layers.filter((l) => !l.counted).map((l) => ({ layer: l.name, op: l.label }));
  const ramBytes = change.ramBytes ?? 1024;
  const port = { name: 'input', dtype: 'float32', shape: [1, 8, 8, 1] } as const;
  return {
    schema: 'tinyml-inspect/1',
    model: { name: 'digits.onnx', path: '/models/digits.onnx', format: 'onnx', fileBytes: 12345, producer: 'pytorch 2.4', arithmetic: 'float32', rounding: 'onnx-float-half-even', inputs: [port], outputs: [{ ...port, shape: [1, 10] }], labels: [], openExtents: [] },
    totals: {
      layers: layers.length,
      macs: 3000,
      executedMacs: 3000,
      params: 20,
      weightBytes: 80,
      flashBytes: change.flashBytes ?? 4096,
      ramBytes,
      basis: { macs: 'exact', weightBytes: 'exact', flashBytes: 'modelled', ramBytes: 'exact' },
      how: { macs: 'Exact.', weightBytes: 'Exact.', flashBytes: 'Code is modelled.', ramBytes: 'Exact.' },
      lowerBound: uncounted.length > 0,
    },
    arena: { bytes: ramBytes, liveBoundBytes: ramBytes, order: { fileOrderBytes: ramBytes, isChanged: false, isOptimal: true }, peakSteps: [1], placements: [{ name: 't', offset: 0, bytes: ramBytes, firstStep: -1, lastStep: 1, role: 'input' }] },
    layers,
    uncounted,
    problems: change.problems ?? [],
  };
}

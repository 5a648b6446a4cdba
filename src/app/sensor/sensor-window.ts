import { ProblemError } from '../../base/problem';
import type { Board, BoardSensor } from '../../device/boards/board';
import type { FirmwareSensor } from '../../device/firmware/project';
import type { PortReport } from '../../engine/cost/report';
import { elementCount } from '../../engine/ir/dtype';
import type { SensorRequest } from '../run-contract';
import { sensorProblems } from './problems';

export function sensorOf(board: Board, id: string): BoardSensor {
  const sensors = board.sensors ?? [];
  const found = sensors.find((sensor) => sensor.id === id);
  if (!found) throw new ProblemError(sensorProblems.unknown(board.name, id, sensors.map((sensor) => sensor.id)));
  return found;
}

/** How a sensor fills a model's input. @throws ProblemError where it cannot */
export function sensorWindow(sensor: BoardSensor, { shape, dtype, scale }: PortReport, { hop }: SensorRequest): FirmwareSensor {
  const channels = sensor.channels.length;
  const window = elementCount(shape) / channels;
  const quantized = scale !== undefined;
  const takes = quantized ? /^u?int(8|16)$/.test(dtype) : dtype === 'float32';
  // The axis of the channels: the last one, else the first behind the batch.
  const [, first] = shape;
  const planar = channels > 1 && shape[shape.length - 1] !== channels && shape.length > 2 && first === channels;
  const known = channels === 1 || planar || shape[shape.length - 1] === channels || shape.filter((extent) => extent > 1).length <= 1;
  if (!takes || !Number.isInteger(window) || window < 1 || !known) throw new ProblemError(sensorProblems.otherInput(sensor.kind, channels, shape, dtype));
  if (hop !== undefined && hop > window) throw new ProblemError(sensorProblems.badHop(hop, window));
  return { sensor, window, hop: hop ?? Math.max(1, Math.floor(window / 2)), planar, quantized };
}

/** Windows that firmware runs on, of measurements played from its start: real numbers in the order of the model's input. */
export function windowsOf(counts: Int16Array, { sensor, window, hop, planar }: FirmwareSensor): { readonly values: Float32Array; readonly ends: readonly number[] } {
  const channels = sensor.channels.length;
  const scale = Math.fround(sensor.scale);
  const ends: number[] = [];
  for (let end = window; end <= counts.length / channels; end += hop) ends.push(end);
  const values = new Float32Array(ends.length * window * channels);
  for (const [w, end] of ends.entries()) {
    for (let frame = 0; frame < window; frame++) {
      for (let c = 0; c < channels; c++) {
        const at = planar ? c * window + frame : frame * channels + c;
        values[w * window * channels + at] = counts[(end - window + frame) * channels + c] * scale;
      }
    }
  }
  return { values, ends };
}

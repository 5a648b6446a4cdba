import { throwIfCancelled } from '../base/cancel';
import type { Task } from '../base/progress';
import { isTflite } from '../engine/formats/tflite/read';
import type { ArraysReport, ArraysRequest } from './engine-contract';
import { listModelArrays } from './model-bytes';

/** Byte arrays of a C source that may hold a model, in order. */
export async function listArrays(request: ArraysRequest, task: Task): Promise<ArraysReport> {
  task.progress({ stage: 'Looking for models' });
  const arrays = await listModelArrays(request.path);
  throwIfCancelled(task.signal);
  return { arrays: arrays.map(({ name, line, bytes }) => ({ name, line, bytes: bytes.length, isModel: isTflite(bytes) })) };
}

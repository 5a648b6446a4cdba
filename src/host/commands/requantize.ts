import path from 'node:path';
import * as vscode from 'vscode';
import type { CompressReport } from '../../app/engine-contract';
import { floatSourceOf } from '../../app/verify/float-source';
import { ProblemError } from '../../base/problem';
import { noFloatSource, nothingWrong } from '../problems';
import type { Services } from '../services';
import { withTask } from '../ui/progress';
import { quantize } from './quantize';

/** Samples that the board read wrong join the calibration data, in a new file, and the float model is quantized with it. */
export async function requantize(services: Services, runs = services.runs): Promise<CompressReport | undefined> {
  const last = runs.lastRequest;
  const samples = runs.wrongSamples;
  if (!last || samples.length === 0) throw new ProblemError(nothingWrong());
  const { path: model } = last.request;
  const float = await floatSourceOf(model);
  if (!float) throw new ProblemError(noFloatSource(path.basename(model)));
  const data = await withTask('Extending the calibration data', services.log, (task) => services.engine.request('extendData', { path: model, samples }, { signal: task.signal }));
  if (!data) return undefined;
  services.log.write('info', `${path.basename(data.path)}: ${data.added} samples added, ${data.calibration} calibrate, ${data.test} test`);
  return quantize(services, vscode.Uri.file(float), { data: data.path });
}

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { compressModel } from '../../src/app/compress-model';
import type { CompressReport, CompressRequest } from '../../src/app/engine-contract';
import { quietTask } from '../../src/base/progress';
import { sharedFolder } from '../support/shared-folder';
import { temporaryFolder } from '../support/project';

/**
 * The keyword spotting model of MLPerf Tiny on real labelled inputs: calibrated on files 0 to 99, judged on 100 to 599. Scale
 * and zero point of the codes are those of the official int8 model's input.
 */
describe('keyword spotting, quantized', function () {
  this.timeout(240_000);
  let models: string;
  let data: string;
  let folder: string;
  before(function () {
    models = sharedFolder(this, 'models');
    data = sharedFolder(this, 'testdata', 'kws01');
    folder = temporaryFolder('kws');
  });
  after(() => folder && fs.rmSync(folder, { recursive: true, force: true }));

  const compress = (request: Pick<CompressRequest, 'quantize'> & Partial<CompressRequest>): Promise<CompressReport> =>
    compressModel({
      path: path.join(models, 'mlperf_tiny_kws_dscnn_float.onnx'),
      data,
      dataOptions: { scale: 0.5847029089927673, zeroPoint: 83, calibrate: { from: 0, count: 100 }, test: { from: 100, count: 500 } },
      out: path.join(folder, `${request.quantize}.onnx`),
      ...request,
    }, quietTask);

  it('int8 is as good as the official int8 model: 444 of 500', async () => {
    const report = await compress({ quantize: 'int8', method: ['reconstruct'], ranges: 'percentile' });
    assert.equal(report.before.accuracy!.right, 445);
    assert.ok(report.after.accuracy!.right >= 444, `${report.after.accuracy!.right}`);
    assert.equal(report.after.withoutKernels, undefined);
  });

  it('int4 weights: at least 430 of 500 without training, where nearest codes have fewer', async () => {
    const nearest = await compress({ quantize: 'int4', method: [], out: path.join(folder, 'nearest.onnx') });
    const report = await compress({ quantize: 'int4', method: ['reconstruct'] });
    assert.ok(nearest.after.accuracy!.right < 425, `${nearest.after.accuracy!.right}`);
    assert.ok(report.after.accuracy!.right >= 430, `${report.after.accuracy!.right}`);
    assert.ok(report.after.fileBytes < report.before.fileBytes / 4);
    const groups = await compress({ quantize: 'int4', groupSize: 32, method: [], out: path.join(folder, 'groups.onnx') });
    assert.ok(groups.after.accuracy!.right > nearest.after.accuracy!.right, `a scale for 32 weights: ${groups.after.accuracy!.right}, for a channel: ${nearest.after.accuracy!.right}`);
    assert.ok(groups.after.weightBytes < nearest.after.weightBytes * 1.1);
  });
});

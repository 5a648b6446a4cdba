import fs from 'node:fs';
import path from 'node:path';
import { understand } from '../../../src/app/model-file';
import { planWithin } from '../../../src/engine/codegen/choose-strips';
import { comparePrograms } from '../../support/compare-programs';
import { Random } from '../../support/random';
import { sharedFolder } from '../../support/shared-folder';
import { needXtensa, XtensaProgram } from '../../support/xtensa-c';

/** Models whose C asks libm for nothing: Debian's compiler for Xtensa comes without one. */
const MODELS = ['mlperf_tiny_kws_dscnn_int8', 'mlperf_tiny_ad_autoencoder_int8', 'tflm_hello_world_int8', 'mww_v2_okay_nabu_int8', 'tinymaix_mnist_valid_q'];

describe('generated C on a simulated Xtensa LX106', function () {
  this.timeout(300_000);

  for (const name of MODELS) {
    it(`${name} equals the host bit for bit`, function () {
      needXtensa(this);
      const file = path.join(sharedFolder(this, 'models'), `${name}.tflite`);
      const { lowered } = understand(fs.readFileSync(file), file);
      comparePrograms([lowered], 'c99', new Random(5), (list) => new XtensaProgram(list));
    });
  }

  it('visual wake words with its input by rows equals the host bit for bit', function () {
    needXtensa(this);
    const file = path.join(sharedFolder(this, 'models'), 'mlperf_tiny_vww_mobilenetv1_025_int8.tflite');
    const { lowered } = understand(fs.readFileSync(file), file);
    comparePrograms([planWithin(lowered, 'c99', { inputRows: true }).model], 'c99', new Random(5), (list) => new XtensaProgram(list), [lowered]);
  });
});

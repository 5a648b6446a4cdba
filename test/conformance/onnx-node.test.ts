import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { root } from '../support/project';
import { runCase, type CaseResult } from '../support/onnx-case-run';
import { caseNames, conformanceArchive, loadCase, unpackCases } from '../support/onnx-cases';

/**
 * Every official node case is in the golden coverage file, as `pass` or as not run with its reason. A case that is run must
 * pass; the file changes only on purpose: scripts/update-onnx-coverage.mjs.
 */
const golden = path.join(root, 'test/golden/onnx-node-coverage.txt');
const header = '# Official ONNX node cases in the reference interpreter; made by scripts/update-onnx-coverage.mjs.';

describe('official ONNX node cases', () => {
  let folder: string | undefined;
  const results = new Map<string, CaseResult>();

  before(function () {
    const archive = conformanceArchive();
    if (!archive) {
      console.log('      not run: the archive of official cases (shared/conformance) is not here');
      this.skip();
    }
    this.timeout(240_000);
    const unpacked = unpackCases(archive);
    folder = unpacked.folder;
    for (const name of caseNames(unpacked.root)) results.set(name, runCase(loadCase(unpacked.root, name)));
    if (process.env.TINYML_UPDATE_GOLDEN) fs.writeFileSync(golden, coverageText(results));
  });
  after(() => folder && fs.rmSync(folder, { recursive: true }));

  it('passes every case that it runs', () => {
    const failed = [...results].flatMap(([name, result]) => (result.status === 'fail' ? [`${name}: ${result.reason}`] : []));
    assert.deepEqual(failed, []);
  });

  it('covers what the coverage file says', () => {
    assert.equal(coverageText(results), fs.readFileSync(golden, 'utf8'));
  });
});

function coverageText(results: ReadonlyMap<string, CaseResult>): string {
  const lines = [...results].map(([name, result]) => (result.status === 'not run' ? `${name}: not run: ${result.reason.replace(/\s+/g, ' ')}` : `${name}: ${result.status}`));
  const passed = [...results.values()].filter((result) => result.status === 'pass').length;
  return `${[header, `# ${passed} of ${results.size} pass`, ...lines].join('\n')}\n`;
}

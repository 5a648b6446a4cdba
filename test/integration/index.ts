/** Runs the integration tests inside a real extension host: VS Code calls run(). Its report goes to the file in TINYML_TEST_REPORT. */
import fs from 'node:fs';
import path from 'node:path';

const TEST_LIMIT_MS = 60_000;

export async function run(): Promise<void> {
  const { default: Mocha } = await import('mocha');
  const root = process.env.TINYML_ROOT;
  if (!root) throw new Error('TINYML_ROOT is not set: the tests would not find the project.');
  const reporter = require(path.join(root, 'scripts', 'testing', 'reporter.cjs'));
  const mocha = new Mocha({ timeout: TEST_LIMIT_MS, color: false, reporter, grep: process.env.TINYML_TEST_GREP || undefined });
  for (const file of fs.readdirSync(__dirname, { recursive: true, encoding: 'utf8' })) {
    if (file.endsWith('.test.js')) mocha.addFile(path.join(__dirname, file));
  }
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} failed`);
}

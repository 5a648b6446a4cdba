// Mocha reporter: prints each suite's progress as one line of dots and every failure as it happens, and writes what happened as
// JSON to the file in TINYML_TEST_REPORT. Plain mocha API, so that it also runs inside VS Code's extension host.
'use strict';
const fs = require('node:fs');

module.exports = class RunReporter {
  /** @param {import('mocha').Runner} runner */
  constructor(runner) {
    /** @type {{ passed: number, skipped: number, failures: { title: string, reason: string }[] }} */
    const report = { passed: 0, skipped: 0, failures: [] };
    let dots = '';
    const flushDots = () => {
      if (dots) console.log(`  ${dots}`);
      dots = '';
    };
    const mark = (/** @type {string} */ sign) => {
      dots += sign;
      if (dots.length >= 100) flushDots();
    };
    runner.on('pass', () => {
      report.passed++;
      mark('.');
    });
    runner.on('pending', () => {
      report.skipped++;
      mark('-');
    });
    runner.on('fail', (test, error) => {
      const failure = { title: test.fullTitle(), reason: reasonOf(error) };
      report.failures.push(failure);
      flushDots();
      console.log(`  FAILED ${failure.title}\n${indent(failure.reason)}`);
    });
    runner.once('end', () => {
      flushDots();
      if (process.env.TINYML_TEST_REPORT) fs.writeFileSync(process.env.TINYML_TEST_REPORT, JSON.stringify(report));
    });
  }
};

/** @param {any} error whatever a test threw */
function reasonOf(error) {
  if (!(error instanceof Object)) return String(error);
  const text = error.stack ?? error.message ?? String(error);
  if (!('expected' in error) || error.generatedMessage) return text; // a generated message shows both values already
  return `${text}\nactual:   ${show(error.actual)}\nexpected: ${show(error.expected)}`;
}

/** @param {unknown} value */
function show(value) {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.length > 2000 ? `${text.slice(0, 2000)}… (${text.length} characters)` : text;
}

const indent = (/** @type {string} */ text) => text.replace(/^/gm, '    ');

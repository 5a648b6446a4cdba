/**
 * Starts an editor and runs test/integration inside it. Arguments: report file, time limit in ms.
 * Desktop VS Code with TINYML_EDITOR=desktop (the installed one, else @vscode/test-electron downloads it), otherwise in the browser.
 */
import fs from 'node:fs';
import path from 'node:path';
import { findDesktopCode } from '../../scripts/editor/desktop.mjs';
import { runInExtensionHost } from '../support/extension-host';
import { copySamples, root, temporaryFolder } from '../support/project';

async function main(reportFile: string, limitMs: number): Promise<void> {
  const workspace = copySamples();
  const testsEntry = path.join(root, 'out', 'test', 'integration', 'index.js');
  try {
    if (process.env.TINYML_EDITOR === 'desktop') await runOnDesktop(workspace, testsEntry, reportFile);
    else await runInExtensionHost({ extensionFolder: root, testsEntry, workspace, reportFile, limitMs });
  } finally {
    fs.rmSync(path.dirname(workspace), { recursive: true, force: true });
  }
}

async function runOnDesktop(workspace: string, extensionTestsPath: string, reportFile: string): Promise<void> {
  const { runTests } = await import('@vscode/test-electron');
  const profile = temporaryFolder('profile');
  try {
    await runTests({
      vscodeExecutablePath: findDesktopCode(),
      extensionDevelopmentPath: root,
      extensionTestsPath,
      extensionTestsEnv: { TINYML_TEST_REPORT: reportFile, TINYML_ROOT: root },
      launchArgs: [workspace, '--disable-extensions', '--disable-workspace-trust', '--user-data-dir', profile],
    });
  } finally {
    fs.rmSync(profile, { recursive: true, force: true });
  }
}

main(process.argv[2], Number(process.argv[3])).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.stack : error);
    process.exit(1);
  },
);

/**
 * Runs a test entry (a module that exports run()) inside VS Code's real extension host, through the workbench in a browser.
 * The payload in the URL is VS Code's own way of running extension tests on the web.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { startBrowser } from './browser';
import { root, screenshotsFolder } from './project';
import { startTestServer, type Server } from './vscode-server';

export interface HostRun {
  readonly extensionFolder: string;
  readonly testsEntry: string;
  readonly workspace: string;
  /** The tests' own report. Its absence means that the extension host died: VS Code itself then reports success. */
  readonly reportFile: string;
  readonly limitMs: number;
}

/** Resolves when the tests ran and VS Code reported success; whether the report says so as well is for the caller to see. */
export async function runInExtensionHost(run: HostRun): Promise<void> {
  const server = await startTestServer({ testDriver: true });
  try {
    const browser = await startBrowser();
    try {
      await runOnPage(await browser.newPage(), server, run);
    } finally {
      await browser.stop();
    }
  } finally {
    await server.stop();
  }
}

async function runOnPage(page: Page, server: Server, run: HostRun): Promise<void> {
  const exitCode = new Promise<number>((resolve, reject) => {
    page.exposeFunction('codeAutomationExit', resolve).catch(reject);
    page.once('crash', () => reject(new Error('The browser page crashed.')));
  });
  await page.exposeFunction('codeAutomationLog', printLog);
  await page.goto(server.url(run.workspace, payload(server, run)));
  const code = await Promise.race([exitCode, limit(run.limitMs)]);
  if (code === 'late') {
    fs.mkdirSync(screenshotsFolder, { recursive: true });
    const screenshot = path.join(screenshotsFolder, 'integration-time-limit.png');
    await page.screenshot({ path: screenshot });
    throw new Error(`The tests did not end within ${run.limitMs / 1000} s; ${path.relative(root, screenshot)} shows the window.`);
  }
  if (code !== 0 && !fs.existsSync(run.reportFile)) console.log(`The server's log:\n${server.log()}`);
  if (code !== 0) throw new Error(`VS Code ended the test run with status ${code}.`);
}

function payload(server: Server, run: HostRun): [string, string][] {
  const remote = (file: string) => `vscode-remote://127.0.0.1:${server.port}${file}`;
  const environment = { TINYML_TEST_REPORT: run.reportFile, TINYML_ROOT: root, TINYML_TEST_GREP: process.env.TINYML_TEST_GREP ?? '' };
  return [
    ['extensionDevelopmentPath', remote(run.extensionFolder)],
    ['extensionTestsPath', remote(run.testsEntry)],
    ['extensionEnvironment', JSON.stringify(environment)],
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ];
}

/** The extension host's console reaches the page as (type, arguments). The reporter's lines are wanted, VS Code's own are not. */
function printLog(type: string, args: unknown): void {
  const text = (Array.isArray(args) ? args : [args]).map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(' ');
  if (process.env.TINYML_TEST_VERBOSE || /^ {2}(FAILED |[.-]+$)/.test(text)) console.log(process.env.TINYML_TEST_VERBOSE ? `[${type}] ${text}` : text);
}

const limit = (ms: number): Promise<'late'> => new Promise((resolve) => setTimeout(() => resolve('late'), ms).unref());

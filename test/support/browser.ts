/** Chromium with a fresh profile, driven through playwright-core. */
import fs from 'node:fs';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { findBrowser } from '../../scripts/editor/browser.mjs';
import { temporaryFolder } from './project';

const ARGUMENTS = [
  '--no-sandbox', // containers run as root
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage', // /dev/shm is 64 MB in containers
];

export interface Browser {
  readonly context: BrowserContext;
  newPage(): Promise<Page>;
  stop(): Promise<void>;
}

export async function startBrowser(): Promise<Browser> {
  const profile = temporaryFolder('browser');
  const removeProfile = () => fs.rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  try {
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: findBrowser(),
      headless: true,
      viewport: { width: 1400, height: 900 },
      args: ARGUMENTS,
    });
    return {
      context,
      newPage: () => context.newPage(),
      stop: () => context.close().finally(removeProfile),
    };
  } catch (error) {
    removeProfile();
    throw error;
  }
}

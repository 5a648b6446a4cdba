import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { findBrowser } from '../../scripts/editor/browser.mjs';
import { startBrowser, type Browser } from './browser';
import { root } from './project';

const wasmFolder = path.join(root, 'node_modules/@litertjs/core/wasm');

/**
 * LiteRT, the official successor of the TFLite runtime, in headless Chromium: an interpreter of TFLite files that nobody here
 * wrote. Its JavaScript takes and gives float tensors only; integer layers inside are fine.
 */
class LiteRt {
  /** Models that the page may fetch, by path. */
  private constructor(private readonly models: Map<string, Uint8Array>, private readonly server: http.Server, private readonly browser: Browser, private readonly page: Page) {}

  static async start(): Promise<LiteRt> {
    const script = (await build({ entryPoints: [path.join(root, 'test/support/litert-page.ts')], bundle: true, format: 'iife', platform: 'browser', write: false, logLevel: 'error' })).outputFiles[0].text;
    const models = new Map<string, Uint8Array>();
    const server = http.createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://localhost').pathname;
      const model = models.get(url);
      if (url === '/') return response.setHeader('content-type', 'text/html').end('<!doctype html><script src="/page.js"></script>');
      if (url === '/page.js') return response.setHeader('content-type', 'text/javascript').end(script);
      if (model) return response.end(model);
      const file = path.join(wasmFolder, path.basename(url));
      if (!url.startsWith('/wasm/') || !fs.existsSync(file)) return response.writeHead(404).end();
      response.setHeader('content-type', file.endsWith('.wasm') ? 'application/wasm' : 'text/javascript');
      fs.createReadStream(file).pipe(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const browser = await startBrowser();
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return new LiteRt(models, server, browser, page);
  }

  /** Outputs of one run; all inputs and outputs are float32. */
  async run(model: Uint8Array, inputs: readonly ArrayLike<number>[]): Promise<number[][]> {
    const url = `/model-${this.models.size}.tflite`;
    this.models.set(url, model);
    return this.page.evaluate(
      ([from, values]) => (globalThis as unknown as { runTflite(model: string, inputs: readonly number[][]): Promise<number[][]> }).runTflite(from, values),
      [url, inputs.map((input) => Array.from(input))] as const,
    );
  }

  async stop(): Promise<void> {
    await this.browser.stop();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

export type RunningLiteRt = Pick<LiteRt, 'run'>;

/** LiteRT for the tests of the `describe` that calls this: started before them, stopped after; where there is no browser they skip and say so. */
export function withLiteRt(): RunningLiteRt {
  let started: LiteRt | undefined;
  before(async function () {
    try {
      findBrowser();
    } catch (error) {
      console.log(`      skipped: ${(error as Error).message}`);
      this.skip();
    }
    started = await LiteRt.start();
  });
  after(() => started?.stop());
  return { run: (model, inputs) => started!.run(model, inputs) };
}

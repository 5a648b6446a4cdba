/** The content of webviews, found by an attribute of their body, as several can be open. */
import type { Frame, Page } from 'playwright-core';

/** The frame whose body carries `data-view="<view>"`. Playwright sees into the nested, isolated frames of a webview. */
export async function webviewFrame(page: Page, view: string, limitMs = 30_000): Promise<Frame> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    for (const frame of page.frames()) if (await shows(frame, view)) return frame;
    if (Date.now() > deadline) throw new Error(`No webview with data-view="${view}" on its body within ${limitMs / 1000} s.`);
    await page.waitForTimeout(100);
  }
}

async function shows(frame: Frame, view: string): Promise<boolean> {
  if (frame.isDetached()) return false;
  try {
    if ((await frame.locator(`body[data-view="${view}"]`).count()) === 0) return false;
    return await (await frame.frameElement()).isVisible();
  } catch {
    return false; // the frame was replaced while it was looked at; the next round sees the new one
  }
}

/** Waits until the fonts of the workbench and of every webview are there. */
export async function fontsLoaded(page: Page): Promise<void> {
  const ready = (frame: Frame) => frame.evaluate('document.fonts.ready.then(() => undefined)');
  await Promise.all(page.frames().map((frame) => ready(frame).catch((error: unknown) => frame.isDetached() || Promise.reject(error))));
}

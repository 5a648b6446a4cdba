/** The output panel and the notifications. */
import type { Locator, Page } from 'playwright-core';
import { choices, pick, runCommand } from './palette';

/** Shows an output channel and returns the text that is on screen. Long texts: VS Code draws only the visible lines. */
export async function outputText(page: Page, channel: string): Promise<string> {
  await runCommand(page, 'Output: Show Output Channels...');
  await choices(page);
  await pick(page, channel);
  const lines = page.locator('.part.panel .output-view .view-lines, .part.panel .view-lines').first();
  await lines.waitFor({ timeout: 10_000 });
  return readLines(lines);
}

/** Waits until the visible part of the open output channel holds a text. */
export async function waitForOutput(page: Page, wanted: string | RegExp, limitMs = 60_000): Promise<string> {
  const lines = page.locator('.part.panel .view-lines').first();
  const deadline = Date.now() + limitMs;
  for (;;) {
    const text = (await lines.count()) ? await readLines(lines) : '';
    if (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)) return text;
    if (Date.now() > deadline) throw new Error(`The output panel does not show ${wanted} within ${limitMs / 1000} s. It shows:\n${text}`);
    await page.waitForTimeout(200);
  }
}

/** Monaco draws lines in any order and with no-break spaces: sorted by their place, with plain spaces. */
async function readLines(lines: Locator): Promise<string> {
  const drawn = await lines.locator('.view-line').evaluateAll((elements) =>
    elements.map((element) => ({ top: Number.parseFloat((element as unknown as { style: { top: string } }).style.top), text: element.textContent ?? '' })),
  );
  return drawn
    .sort((a, b) => a.top - b.top)
    .map((line) => line.text.replace(/\u00a0/g, ' ').trimEnd())
    .join('\n');
}

/** Waits for a notification that holds `text`. Under the test driver toasts are suppressed, so the notification centre is read. */
export async function notification(page: Page, text: string | RegExp, limitMs = 60_000): Promise<Locator> {
  const toast = page.locator('.notifications-toasts .notification-list-item').filter({ hasText: text }).first();
  const kept = page.locator('.notifications-center .notification-list-item').filter({ hasText: text }).first();
  const deadline = Date.now() + limitMs;
  for (;;) {
    if (await toast.isVisible()) return toast;
    if (await kept.isVisible()) return kept;
    if (Date.now() > deadline) throw new Error(`No notification with ${text} within ${limitMs / 1000} s. There are: ${await allNotifications(page)}`);
    await page.waitForTimeout(200);
    if (!(await page.locator('.notifications-toasts .notification-list-item').count())) await openCentre(page);
  }
}

/** Presses a button of a notification. */
export async function pressInNotification(item: Locator, label: string): Promise<void> {
  await item.hover();
  await item.locator('.monaco-button, .action-label').filter({ hasText: label }).first().click();
}

async function openCentre(page: Page): Promise<void> {
  if (await page.locator('.notifications-center.visible').count()) return;
  const bell = page.locator('#status\\.notifications');
  if (await bell.isVisible()) await bell.click();
}

const allNotifications = async (page: Page): Promise<string> => (await page.locator('.notification-list-item').allInnerTexts()).join(' | ') || 'none';

/** The command palette, quick picks and input boxes: all are VS Code's quick input. */
import type { Locator, Page } from 'playwright-core';

const quickInput = (page: Page): Locator => page.locator('.quick-input-widget:visible');
const input = (page: Page): Locator => quickInput(page).locator('input[type="text"]');
const rows = (page: Page): Locator => quickInput(page).locator('.quick-input-list .monaco-list-row');

/** A row whose label is exactly `label`, whatever stands beside it (category, key, description). */
const rowLabelled = (page: Page, label: string): Locator => rows(page).filter({ has: page.locator('.label-name, .monaco-highlighted-label').getByText(label, { exact: true }) });

/**
 * Runs a command by its title as the palette shows it ("TinyML: Flash…"). Tries again until it is listed: the explorer is there
 * seconds before extensions have registered their commands.
 */
export async function runCommand(page: Page, title: string, limitMs = 60_000): Promise<void> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    // The palette can still close between the two: what takes the focus then did so once.
    if ((await openAndFind(page, title)) && (await isClicked(rowLabelled(page, title).first()))) return;
    await page.keyboard.press('Escape');
    if (Date.now() > deadline) throw new Error(`The command palette does not list "${title}".`);
  }
}

const isClicked = (row: Locator): Promise<boolean> => row.click({ timeout: 5000 }).then(() => true, () => false);

/** Waits until the palette lists a command, without running it. */
export async function waitForCommand(page: Page, title: string, limitMs = 60_000): Promise<void> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const found = await openAndFind(page, title);
    await page.keyboard.press('Escape');
    await quickInput(page).waitFor({ state: 'hidden', timeout: 5000 });
    if (found) return;
    if (Date.now() > deadline) throw new Error(`The command palette does not list "${title}".`);
  }
}

async function openAndFind(page: Page, title: string): Promise<boolean> {
  await page.keyboard.press('F1');
  if (!(await appears(input(page), 3000))) return false;
  // An editor that has just loaded may take the focus, which closes the palette: the caller tries again.
  const isFilled = await input(page).fill(`>${title}`, { timeout: 3000 }).then(() => true, () => false);
  return isFilled && appears(rowLabelled(page, title).first(), 2000);
}

/** Chooses a row of the quick pick that is open or about to open. A long list draws only what fits: then its filter finds the row. */
export async function pick(page: Page, label: string | RegExp, limitMs = 30_000): Promise<void> {
  const row = (typeof label === 'string' ? rowLabelled(page, label) : rows(page).filter({ hasText: label })).first();
  if (typeof label === 'string' && !(await appears(row, 2000))) await input(page).fill(label, { timeout: limitMs });
  await row.click({ timeout: limitMs });
}

async function appears(locator: Locator, limitMs: number): Promise<boolean> {
  try {
    await locator.waitFor({ timeout: limitMs });
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') return false;
    throw error;
  }
}

/** The drawn rows of the open quick pick, once there is one: "label, description" as a screen reader reads them. */
export async function choices(page: Page, limitMs = 30_000): Promise<string[]> {
  await rows(page).first().waitFor({ timeout: limitMs });
  return rows(page).evaluateAll((elements) => elements.map((element) => (element as unknown as { ariaLabel: string }).ariaLabel));
}

/** Answers the input box that is open or about to open. */
export async function answer(page: Page, text: string, limitMs = 30_000): Promise<void> {
  await input(page).waitFor({ timeout: limitMs });
  await input(page).fill(text);
  await page.keyboard.press('Enter');
}

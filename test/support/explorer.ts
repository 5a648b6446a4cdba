/** The file explorer and its context menu. */
import type { Locator, Page } from 'playwright-core';

const ROWS = '.explorer-folders-view .monaco-list-row';

/** The row of a file or folder, by its path below the workspace; folders on the way are opened. */
export async function explorerRow(page: Page, file: string, limitMs = 60_000): Promise<Locator> {
  const parts = file.split('/');
  for (let depth = 1; depth < parts.length; depth++) await expand(page, parts[depth - 1], depth, limitMs);
  const row = rowAt(page, parts[parts.length - 1], parts.length);
  await row.waitFor({ timeout: limitMs });
  return row;
}

/** Names in the explorer are unique per level in our samples; the level keeps `digits/` and `digits.onnx` apart. */
const rowAt = (page: Page, name: string, level: number): Locator =>
  page.locator(`${ROWS}[aria-level="${level}"]`).filter({ has: page.locator('.label-name').getByText(name, { exact: true }) });

async function expand(page: Page, name: string, level: number, limitMs: number): Promise<void> {
  const row = rowAt(page, name, level);
  await row.waitFor({ timeout: limitMs });
  const open = page.locator(`${ROWS}[aria-level="${level}"][aria-expanded="true"]`).filter({ hasText: name });
  // VS Code drops a click now and then: a folder that stays shut is clicked again.
  for (const end = Date.now() + limitMs; Date.now() < end; ) {
    if ((await row.getAttribute('aria-expanded')) === 'true') return;
    await row.click();
    if (await open.waitFor({ timeout: 8000 }).then(() => true, () => false)) return;
  }
  throw new Error(`The folder ${name} does not open within ${limitMs / 1000} s.`);
}

const MENU_ATTEMPTS = 4;

/**
 * Right click, then the labels of the menu and its submenus in order: `chooseInMenu(page, row, 'TinyML', 'Quantize to int8…')`.
 * VS Code drops clicks that come right after a menu has opened, on a busy machine for seconds: a menu that stays is opened anew.
 */
export async function chooseInMenu(page: Page, row: Locator, ...labels: readonly string[]): Promise<void> {
  for (let attempt = 1; attempt <= MENU_ATTEMPTS; attempt++) {
    await openMenu(page, row);
    if ((await descend(page, labels)) && (await isMenuGone(page, 4000))) return;
    await closeMenus(page);
  }
  throw new Error(`The menu stayed open ${MENU_ATTEMPTS} times when "${labels.join(' › ')}" was chosen in it.`);
}

/** Follows the labels to the last one, which is clicked. False where a submenu or an item did not come in time. */
async function descend(page: Page, labels: readonly string[]): Promise<boolean> {
  try {
    for (const [index, label] of labels.entries()) {
      const item = menuItem(page, label).last();
      await item.waitFor({ timeout: 10_000 });
      await item.hover({ timeout: 5000 });
      if (index === labels.length - 1) await item.click({ timeout: 5000 });
      else await openSubmenu(page, item);
    }
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') return false;
    throw error;
  }
}

const isMenuGone = (page: Page, limitMs: number): Promise<boolean> =>
  page.locator('.monaco-menu').first().waitFor({ state: 'hidden', timeout: limitMs }).then(() => true, () => false);

async function closeMenus(page: Page): Promise<void> {
  for (let depth = 0; depth < 3 && !(await isMenuGone(page, 300)); depth++) await page.keyboard.press('Escape');
}

/** The labels of the context menu, or of one of its submenus; the menu is closed again. */
export async function menuLabels(page: Page, row: Locator, submenu?: string): Promise<string[]> {
  await openMenu(page, row);
  if (submenu) {
    const item = menuItem(page, submenu).last();
    await item.hover();
    await openSubmenu(page, item);
  }
  const labels = await page.locator('.monaco-menu').last().locator('.action-label:not(.separator)').allInnerTexts();
  await closeMenus(page);
  return labels.map((label) => label.trim());
}

async function openMenu(page: Page, row: Locator): Promise<void> {
  await row.click({ button: 'right' });
  await page.locator('.monaco-menu').first().waitFor({ timeout: 10_000 });
}

async function openSubmenu(page: Page, item: Locator): Promise<void> {
  const before = await page.locator('.monaco-menu').count();
  await item.click({ timeout: 5000 });
  await page.locator('.monaco-menu').nth(before).waitFor({ timeout: 10_000 });
}

const menuItem = (page: Page, label: string): Locator =>
  page.locator('.monaco-menu .action-item').filter({ has: page.locator('.action-label').getByText(label, { exact: true }) });

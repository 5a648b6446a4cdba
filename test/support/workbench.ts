/** A VS Code window in the browser, as tests use it: one object for what a user sees and does. */
import fs from 'node:fs';
import path from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';
import { startBrowser, type Browser } from './browser';
import { chooseInMenu, explorerRow, menuLabels } from './explorer';
import { answer, choices, pick, runCommand, waitForCommand } from './palette';
import { notification, outputText, pressInNotification, waitForOutput } from './panels';
import { root, screenshotsFolder } from './project';
import { startTestServer, type Server, type ServerWish } from './vscode-server';
import { fontsLoaded, webviewFrame } from './webviews';

/** Themes as the theme picker lists them, and the class that the workbench carries under each. */
export const THEMES = {
  dark: { label: 'Dark Modern', className: 'vs-dark' },
  light: { label: 'Light Modern', className: 'vs' },
  contrast: { label: 'Dark High Contrast', className: 'hc-black' },
} as const;

export class Workbench {
  private constructor(
    readonly page: Page,
    readonly workspace: string,
    private readonly server: Server,
    private readonly browser: Browser,
  ) {}

  /** Opens a folder. Without further wish the extension is run from the checkout. */
  static async open(workspace: string, wish: ServerWish = { extensionFolder: root }): Promise<Workbench> {
    const server = await startTestServer(wish);
    let browser: Browser | undefined;
    try {
      browser = await startBrowser();
      const page = await browser.newPage();
      await page.goto(server.url(workspace));
      await page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
      return new Workbench(page, workspace, server, browser);
    } catch (error) {
      await browser?.stop();
      await server.stop();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.browser.stop();
    await this.server.stop();
  }

  /** To be called before the first file is opened: one that is opened too early gets the text editor and keeps it. */
  waitForCommand(title: string): Promise<void> {
    return waitForCommand(this.page, title);
  }

  runCommand(title: string): Promise<void> {
    return runCommand(this.page, title);
  }

  pick(label: string | RegExp): Promise<void> {
    return pick(this.page, label);
  }

  choices(): Promise<string[]> {
    return choices(this.page);
  }

  answer(text: string): Promise<void> {
    return answer(this.page, text);
  }

  explorerRow(file: string): Promise<Locator> {
    return explorerRow(this.page, file);
  }

  async openFile(file: string): Promise<void> {
    await (await this.explorerRow(file)).dblclick();
  }

  async chooseInMenu(file: string, ...labels: readonly string[]): Promise<void> {
    await chooseInMenu(this.page, await this.explorerRow(file), ...labels);
  }

  async menuLabels(file: string, submenu?: string): Promise<string[]> {
    return menuLabels(this.page, await this.explorerRow(file), submenu);
  }

  webview(view: string): Promise<Frame> {
    return webviewFrame(this.page, view);
  }

  outputText(channel: string): Promise<string> {
    return outputText(this.page, channel);
  }

  waitForOutput(wanted: string | RegExp, limitMs?: number): Promise<string> {
    return waitForOutput(this.page, wanted, limitMs);
  }

  notification(text: string | RegExp, limitMs?: number): Promise<Locator> {
    return notification(this.page, text, limitMs);
  }

  async pressInNotification(text: string | RegExp, button: string): Promise<void> {
    await pressInNotification(await this.notification(text), button);
  }

  async useTheme(theme: keyof typeof THEMES): Promise<void> {
    await this.runCommand('Preferences: Color Theme');
    await this.choices();
    await this.pick(THEMES[theme].label);
    await this.page.locator(`.monaco-workbench.${THEMES[theme].className}`).waitFor({ timeout: 30_000 });
  }

  /** Into out/screenshots/<name>.png. */
  async screenshot(name: string): Promise<string> {
    fs.mkdirSync(screenshotsFolder, { recursive: true });
    const file = path.join(screenshotsFolder, `${name}.png`);
    await fontsLoaded(this.page); // else icons are missing in the picture
    await this.page.screenshot({ path: file });
    return file;
  }

  /** The server's own log, for a failed test. */
  serverLog(): string {
    return this.server.log();
  }
}

/** The automated accessibility check: axe-core, run inside of a page or frame. */
import fs from 'node:fs';
import path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { root } from './project';

interface Finding {
  readonly id: string;
  readonly impact: string | null;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** Impacts that a view must not have. */
const SERIOUS = new Set(['serious', 'critical']);

const ALL = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What a theme can do wrong: all else of a page that is already checked stays as it is. */
export const colourFindings = (frame: Page | Frame): Promise<readonly string[]> => seriousFindings(frame, ['color-contrast']);

/** What axe finds of serious or critical impact after WCAG 2.0, 2.1 and 2.2, levels A and AA, as one line each. */
export async function seriousFindings(frame: Page | Frame, rules: readonly string[] = ALL): Promise<readonly string[]> {
  if (!(await frame.evaluate<boolean>('"axe" in globalThis'))) await frame.evaluate(fs.readFileSync(path.join(root, 'node_modules/axe-core/axe.min.js'), 'utf8'));
  const violations = await frame.evaluate<readonly Finding[]>(`axe.run(document, { runOnly: ${JSON.stringify(rules)}, resultTypes: ['violations'] }).then((r) => r.violations)`);
  return violations.filter(({ impact }) => SERIOUS.has(impact ?? '')).flatMap(({ id, help, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${help}\n  ${html.slice(0, 200)}\n  ${failureSummary ?? ''}`));
}

import fs from 'node:fs';
import path from 'node:path';
import { root } from './project';

/** Reference models and data live beside the checkout, not in it: tests that need them skip, and say so, where they are absent. */
export function sharedFolder(context: Mocha.Context, ...parts: string[]): string {
  const folder = path.join(root, '..', 'shared', ...parts);
  if (!fs.existsSync(folder)) {
    console.log(`      skipped: ../shared/${parts.join('/')} is absent`);
    context.skip();
  }
  return folder;
}

import * as vscode from 'vscode';
import type { Fix } from '../../base/problem';
import { applyFix } from '../ui/fixes';

/** What every view of a model can ask of the editor. */
export const panelRequests = {
  fix: async ({ fix }: { readonly fix: Fix }): Promise<null> => {
    await applyFix(fix);
    return null;
  },
  copy: async ({ text }: { readonly text: string }): Promise<null> => {
    await vscode.env.clipboard.writeText(text);
    return null;
  },
};

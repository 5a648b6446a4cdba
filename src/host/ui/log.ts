import type * as vscode from 'vscode';
import type { Log } from '../../base/log';

/** Our log on the editor's: the channel adds the time and filters by the level that the user has set for it. */
export const logTo = (channel: vscode.LogOutputChannel): Log => ({
  write: (level, message) => {
    if (level === 'debug') channel.debug(message);
    else if (level === 'info') channel.info(message);
    else if (level === 'warning') channel.warn(message);
    else channel.error(message);
  },
});

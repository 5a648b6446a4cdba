import path from 'node:path';
import type { VerifyReport } from '../../app/verify/verify-contract';
import type { Services } from '../services';
import { withTask } from '../ui/progress';
import type { FlashOptions } from './flash';
import { targetOnBoard } from './target-on-board';

/** Runs test samples on float host, int8 host and board, and shows in the view where they differ. */
export async function verify(services: Services, target?: unknown, options: FlashOptions = {}): Promise<VerifyReport | undefined> {
  const chosen = await targetOnBoard(services, target, options, 'Verify');
  if (!chosen) return undefined;
  const { model, board, portPath } = chosen;
  await services.sessions.stop(board, portPath); // a board has one user at a time
  services.verifyPanel.show(true);
  const request = { path: model, bindings: services.extents.of(model), boardId: board.id, portPath, limit: options.limit, data: options.data };
  return withTask(`Verifying ${path.basename(model)} on ${board.name}`, services.log, (task) => services.verifications.start(request, board, task));
}

import path from 'node:path';
import type { Board } from '../../device/boards/board';
import type { InspectReport } from '../../engine/cost/report';
import { judge, type Verdict } from './judge';
import type { Budget } from './read';

/** What a model is over of a board's own memory, judged as a budget is, with what would bring it under. */
export function overBoard(modelPath: string, report: InspectReport, board: Pick<Board, 'id' | 'name' | 'ramBytes' | 'flashBytes'>): readonly Verdict[] {
  const limits = { ram: board.ramBytes?.value, flash: board.flashBytes?.value };
  return (['ram', 'flash'] as const).flatMap((resource) => {
    const limit = limits[resource];
    if (limit === undefined) return [];
    // Stands in no file.
    const budget: Budget = { model: path.basename(modelPath), modelPath, board: board.id, resource, limit, ofBoard: board.name, place: { path: modelPath, line: 1, columns: [1, 1] } };
    const verdict = judge(budget, { report });
    return verdict.state === 'over' ? [verdict] : [];
  });
}

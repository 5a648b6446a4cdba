import type { Verdict } from '../../app/budgets/judge';
import type { Budget } from '../../app/budgets/read';
import { remedies, type Remedy } from '../../app/budgets/remedies';
import type { PredictReport, RemedyRefused } from '../../app/engine-contract';
import type { EngineRequests } from '../../app/run-contract';
import type { Fix } from '../../base/problem';
import type { InspectReport } from '../../engine/cost/report';
import type { BoardChoice } from '../board-choice';
import type { ModelIndex } from '../models/model-index';

export interface OfferedRemedies {
  readonly fixes: readonly Fix[];
  readonly refused: readonly { readonly title: string; readonly why: string }[];
}

/** What remedies would do to models that are over a budget: each is planned once for each state of a model. */
export class RemedyPredictions {
  /** By the report that they are about: the same one as long as model and board are. */
  private readonly known = new WeakMap<InspectReport, Map<string, Promise<PredictReport | RemedyRefused>>>();

  constructor(private readonly engine: EngineRequests, private readonly models: ModelIndex, private readonly board: BoardChoice) {}

  /** Remedies of a broken budget, each with what it would do, and why the others are not offered. What takes longer than `patienceMs` comes without its figures. */
  async fixesOf({ budget, state }: Verdict, titleOf: (remedy: Remedy, budget: Budget, predicted: PredictReport | undefined) => string, patienceMs?: number): Promise<OfferedRemedies> {
    const report = state === 'over' ? await this.models.reportIfReadable(budget.modelPath, { board: budget.board === undefined ? undefined : this.board.forEngineOf(budget.board) }) : undefined;
    if (!report) return { fixes: [], refused: [] };
    const late = new Promise<undefined>((resolve) => (patienceMs === undefined ? undefined : setTimeout(() => resolve(undefined), patienceMs)));
    const answers = await Promise.all(remedies.filter(({ helps }) => helps.includes(budget.resource)).map(async (remedy) => {
      const why = remedy.whyNot(report);
      return { remedy, predicted: why === undefined ? await Promise.race([this.predict(remedy, budget, report), late]).catch(() => undefined) : { why } };
    }));
    return {
      fixes: answers.flatMap(({ remedy, predicted }): Fix[] => {
        if (predicted && 'why' in predicted) return [];
        const { id, args } = remedy.command;
        return [{ title: titleOf(remedy, budget, predicted), command: { id, args: args(budget.modelPath, predicted?.plan) } }];
      }),
      refused: answers.flatMap(({ remedy, predicted }) => (predicted && 'why' in predicted ? [{ title: remedy.title, why: predicted.why }] : [])),
    };
  }

  private predict(remedy: Remedy, { modelPath, board: id, resource, layer, limit }: Verdict['budget'], report: InspectReport): Promise<PredictReport | RemedyRefused> {
    if (resource === 'accuracy') return Promise.resolve({ why: 'No remedy raises accuracy.' });
    const known = this.known.get(report) ?? new Map<string, Promise<PredictReport | RemedyRefused>>();
    this.known.set(report, known);
    const key = JSON.stringify([remedy.id, resource, layer, limit]);
    const board = id === undefined ? undefined : this.board.forEngineOf(id);
    const predicting = known.get(key) ?? this.engine.request('predict', { path: modelPath, board, calibration: this.board.calibrationOf(id), remedy: remedy.id, budget: { resource, layer, limit } });
    known.set(key, predicting);
    return predicting;
  }
}

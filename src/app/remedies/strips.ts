import type { MemoryChoice } from '../../engine/codegen/choose-strips';
import { formatCount } from '../../base/units';
import type { Rebuild } from './rebuild';

/** The first layers a few rows at a time: as few strips as the budget needs, else, of one layer, the smallest arena that there is. */
export const inStrips: Rebuild = async ({ budget, reportOf, costOf }) => {
  const ways: readonly MemoryChoice[] = [{ ramBudgetBytes: Math.floor(budget.limit) }, ...(budget.layer === undefined ? [] : [{ patches: 'auto' as const }])];
  for (const memory of ways) {
    const report = await reportOf({ memory });
    const { strips } = report.arena;
    if (!strips || !((costOf(report) ?? Infinity) <= budget.limit)) continue;
    const more = strips.extraMacs > 0 ? `${formatCount(strips.extraMacs)} MACs more` : 'no MAC more';
    return { title: `Run the first ${formatCount(strips.layers)} layers in ${formatCount(strips.count)} strips`, report, plan: memory, caveat: `same outputs, ${more}` };
  }
  return { why: 'Strips of rows do not bring it within the budget.' };
};

import { formatCount } from '../../base/units';
import type { Problem } from '../../base/problem';
import { LARGEST_INPUT } from '../ops/real-channels';

/** What a reader of the costs should know, in words. */
export const costProblems = {
  /** `isReal`: some of them hold real numbers. */
  folded: (macs: number, executed: number, isReal: boolean): Problem => ({
    code: 'TINYML-FOLDED', severity: 'info', title: `Constant channels are folded away: ${formatCount(executed)} of ${formatCount(macs)} MACs are run`,
    detail: isReal
      ? `They hold the same number for every input up to ${formatCount(LARGEST_INPUT)} in magnitude, so the next layer's bias takes them up. Results change by rounding at most, as with another order of summation.`
      : 'They hold the same codes for every possible input, so the next layer\'s bias takes them up. No bit of the result changes.',
    fixes: [{ title: 'Nothing to do: flash, RAM and time are already those of the smaller network' }],
  }),
  perRound: (layer: string): Problem => ({
    code: 'TINYML-LOOP-ROUNDS', severity: 'info', title: `Loop ${layer} is counted for one round`, where: { layer },
    detail: 'How many rounds it takes depends on the data: totals are lower bounds.',
    fixes: [{ title: 'Convert with a fixed number of rounds, and the loop is unrolled and counted whole' }],
  }),
};

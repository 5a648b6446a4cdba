import type { ComparedAccuracy } from '../engine/cost/compare-report';
import type { CompressReport } from './compress-contract';

type Pair = Pick<CompressReport, 'changed' | 'mcnemar' | 'confusion' | 'labels'> & Required<Pick<ComparedAccuracy, 'before' | 'after'>>;

/** The two sides with recall by class, which the confusions hold already. */
export function accuracyOfPair({ before, after, changed, mcnemar, confusion, labels }: Pair): ComparedAccuracy {
  const classes = confusion?.before.flatMap((counts, truth) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    return total ? [{ label: labels?.[truth] ?? `class ${truth}`, total, before: counts[truth], after: confusion.after[truth][truth] }] : [];
  });
  return { before, after, ...(changed ? { changed } : {}), ...(mcnemar === undefined ? {} : { mcnemar }), ...(classes?.length ? { classes } : {}) };
}

/** What a compression found of both models' answers; undefined where it had no labelled test samples. */
export const accuracyOfCompression = ({ before, after, changed, mcnemar, confusion, labels }: CompressReport): ComparedAccuracy | undefined =>
  before.accuracy && after.accuracy && accuracyOfPair({ before: before.accuracy, after: after.accuracy, changed, mcnemar, confusion, labels });

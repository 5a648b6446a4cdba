import { formatCount } from '../base/units';
import type { InspectReport } from '../engine/cost/report';

/** One line: how the first layers are run. */
export const stripsText = ({ count, layers, extraMacs }: NonNullable<InspectReport['arena']['strips']>): string =>
  `first ${formatCount(layers)} layers in ${formatCount(count)} strips of rows, ${formatCount(extraMacs)} MACs more than the whole`;

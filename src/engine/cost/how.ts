import type { InspectReport } from './report';

/** How totals are made, and how far off such figures have been: `npm run bench -- samples-m4` compares code sizes (docs/cost-model.md). */
export const howOfTotals: InspectReport['totals']['how'] = {
  macs: 'Exact: multiply-accumulates by each layer\'s definition, padding included.',
  weightBytes: 'Exact: constants as the generated C has them, tables and scales included.',
  flashBytes: 'Weights are exact; code is modelled from what each kernel takes on a Cortex-M4 at -O2, on six sample models at most 138 B off (3 % or less, but 82 B of the 336 B of the smallest). Measured from the ELF file once firmware is built.',
  ramBytes: 'Exact: the arena of the generated C.',
};

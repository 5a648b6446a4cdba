/**
 * How units are ranked. `reconstruction`: by what the layers that read them cannot make up for. `activation`: by the power that
 * they add to what those layers compute. `loss`: by what the loss gains without them, to first order, where there are labels.
 * `l1`, `l2`: by the weights that make them.
 */
export const importances = ['reconstruction', 'activation', 'loss', 'l2', 'l1'] as const;
export type Importance = (typeof importances)[number];

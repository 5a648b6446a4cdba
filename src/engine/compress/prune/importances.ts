/**
 * How units are ranked. `reconstruction`: by what the layers that read them cannot make up for. `activation`: by the power that
 * they add to what those layers compute. `l1`, `l2`: by the weights that make them.
 */
export const importances = ['reconstruction', 'activation', 'l2', 'l1'] as const;
export type Importance = (typeof importances)[number];

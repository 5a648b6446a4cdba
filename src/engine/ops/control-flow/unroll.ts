/** Rounds that unrolling may take while a model is read: each becomes layers of its own. */
export const MAX_UNROLLED_ROUNDS = 256;

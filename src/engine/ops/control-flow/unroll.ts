/** Rounds that unrolling may take while a model is read: each becomes layers of its own. */
export const MAX_UNROLLED_ROUNDS = 256;
/** Rounds that a loop may take when it is run: more is taken for one without end. */
export const MAX_ROUNDS = 100_000;

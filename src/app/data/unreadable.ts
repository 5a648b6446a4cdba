/** The bytes are no sound or image that we read; the message says why and what was expected, as the end of a sentence. */
export class UnreadableError extends Error {}

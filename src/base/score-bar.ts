const BAR_CELLS = 10;

/** A score from 0 to 1 as blocks, so that a log reads like a chart. Scores outside (logits) are clamped. */
export function scoreBar(score: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, score)) * BAR_CELLS);
  return '█'.repeat(filled) + '░'.repeat(BAR_CELLS - filled);
}

/**
 * Non-negative least squares with relative errors: coefficients x >= 0 that make rows·x close to `counts`, each row weighted
 * by 1/count, by cyclic coordinate descent (the problem is convex; five unknowns).
 */
export function fitRelative(rows: readonly (readonly number[])[], counts: readonly number[]): number[] {
  const unknowns = rows[0].length;
  const scaled = rows.map((row, i) => row.map((value) => value / counts[i]));
  const x = new Array<number>(unknowns).fill(0);
  const residual = counts.map(() => 1);
  for (let round = 0; round < 20_000; round++) {
    let moved = 0;
    for (let j = 0; j < unknowns; j++) {
      let [dot, norm] = [0, 0];
      for (let i = 0; i < scaled.length; i++) {
        dot += scaled[i][j] * residual[i];
        norm += scaled[i][j] ** 2;
      }
      if (norm === 0) continue;
      const next = Math.max(0, x[j] + dot / norm);
      const step = next - x[j];
      if (step === 0) continue;
      for (let i = 0; i < scaled.length; i++) residual[i] -= scaled[i][j] * step;
      moved = Math.max(moved, (Math.abs(step) * Math.sqrt(norm)) / Math.sqrt(scaled.length));
      x[j] = next;
    }
    if (moved < 1e-7) break;
  }
  return x;
}

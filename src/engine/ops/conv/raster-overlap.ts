/**
 * How far before its input an output must start so that it may be written over it: a layer goes through the output in raster
 * order, `steps` times, and before it writes anything of step i it has read what step i needs. `written(i)` is the end of
 * what steps up to i have written, counted from the output's start; `needed(i)` where the first byte lies that step i or a
 * later one still reads, counted from the input's start. All in bytes.
 */
export function rasterDistance(steps: number, written: (step: number) => number, needed: (step: number) => number): number {
  let distance = -Infinity;
  for (let i = 0; i + 1 < steps; i++) distance = Math.max(distance, written(i) - needed(i + 1));
  return distance;
}

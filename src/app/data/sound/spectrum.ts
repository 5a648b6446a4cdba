/** Squared magnitudes of the Fourier transform of real numbers, from 0 to half the rate. The length is a power of two. */
export function powerSpectrum(frame: Float64Array): Float64Array {
  const n = frame.length;
  const [real, imaginary] = [bitReversed(frame), new Float64Array(n)];
  for (let size = 2; size <= n; size *= 2) {
    const half = size / 2;
    for (let k = 0; k < half; k++) {
      const angle = (-2 * Math.PI * k) / size;
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      for (let at = k; at < n; at += size) {
        const [r, i] = [real[at + half] * cos - imaginary[at + half] * sin, real[at + half] * sin + imaginary[at + half] * cos];
        [real[at + half], imaginary[at + half]] = [real[at] - r, imaginary[at] - i];
        real[at] += r;
        imaginary[at] += i;
      }
    }
  }
  return Float64Array.from({ length: n / 2 + 1 }, (_, k) => real[k] ** 2 + imaginary[k] ** 2);
}

function bitReversed(frame: Float64Array): Float64Array {
  const result = new Float64Array(frame.length);
  for (let i = 0, j = 0; i < frame.length; i++) {
    result[j] = frame[i];
    let bit = frame.length >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j |= bit;
  }
  return result;
}

/** Whose triangles: they are straight over mel and as high as they come, or straight over hertz and of one area. */
export const melStyles = ['tensorflow', 'librosa'] as const;
export type MelStyle = (typeof melStyles)[number];

/** A scale of pitch, its inverse, and how bands lie on it. */
interface Pitch {
  readonly ofHz: (hz: number) => number;
  readonly toHz: (mel: number) => number;
}

/** Source: tf.signal.linear_to_mel_weight_matrix (HTK's scale). */
const htk: Pitch = { ofHz: (hz) => 1127 * Math.log1p(hz / 700), toHz: (mel) => 700 * Math.expm1(mel / 1127) };
/** Straight up to 1 kHz, logarithmic above. Source: librosa.hz_to_mel with htk=False (Slaney's Auditory Toolbox). */
const [KNEE_HZ, PER_MEL_HZ, LOG_STEP] = [1000, 200 / 3, Math.log(6.4) / 27];
const slaney: Pitch = {
  ofHz: (hz) => (hz < KNEE_HZ ? hz / PER_MEL_HZ : KNEE_HZ / PER_MEL_HZ + Math.log(hz / KNEE_HZ) / LOG_STEP),
  toHz: (mel) => (mel < KNEE_HZ / PER_MEL_HZ ? mel * PER_MEL_HZ : KNEE_HZ * Math.exp(LOG_STEP * (mel - KNEE_HZ / PER_MEL_HZ))),
};

/** Weights of each band over the bins of a spectrum, from `lowHz` to `highHz`. */
export function melBands(style: MelStyle, bands: number, bins: number, rateHz: number, lowHz: number, highHz: number): Float64Array[] {
  const pitch = style === 'tensorflow' ? htk : slaney;
  const [low, high] = [pitch.ofHz(lowHz), pitch.ofHz(highHz)];
  const edges = Array.from({ length: bands + 2 }, (_, i) => low + ((high - low) * i) / (bands + 1));
  const hz = (bin: number): number => (bin * rateHz) / 2 / (bins - 1);
  const isMel = style === 'tensorflow';
  return Array.from({ length: bands }, (_, band) => {
    const [left, centre, right] = edges.slice(band, band + 3).map((mel) => (isMel ? mel : pitch.toHz(mel)));
    const area = isMel ? 1 : 2 / (right - left);
    return Float64Array.from({ length: bins }, (_b, bin) => {
      // TensorFlow leaves the constant part out.
      if (isMel && bin === 0) return 0;
      const at = isMel ? pitch.ofHz(hz(bin)) : hz(bin);
      return area * Math.max(0, Math.min((at - left) / (centre - left), (right - at) / (right - centre)));
    });
  });
}

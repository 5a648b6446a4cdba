/** Units of a core that kernels can use. */
export interface CoreFeatures {
  /** Real numbers in hardware, of these widths. */
  readonly fpu: 'none' | 'single' | 'single or double';
  /** Instructions on several integers at once: Arm's DSP extension, Helium (MVE). */
  readonly simd: 'none' | 'dsp' | 'mve';
  readonly source: string;
}

const armTable = 'Arm, Cortex-M processor comparison table: floating point, DSP extension, Helium; both options where there is a choice';
const none = { fpu: 'none', simd: 'none' } as const;

/** By `Board.core`; a chip may leave out what its core allows, then its core is named without (Cortex-M4F is one with). */
const features: Readonly<Record<string, CoreFeatures>> = {
  AVR8: { ...none, source: 'Microchip, AVR instruction set manual (DS40002198)' },
  'Cortex-M0': { ...none, source: armTable },
  'Cortex-M0+': { ...none, source: armTable },
  'Cortex-M3': { ...none, source: armTable },
  'Cortex-M4F': { fpu: 'single', simd: 'dsp', source: armTable },
  'Cortex-M7': { fpu: 'single or double', simd: 'dsp', source: armTable },
  'Cortex-M33': { fpu: 'single', simd: 'dsp', source: armTable },
  'Cortex-M55': { fpu: 'single or double', simd: 'mve', source: armTable },
  RV32IMC: { ...none, source: 'ESP32-C3 technical reference manual, chapter 1: RV32IMC' },
  RV32IMAC: { ...none, source: 'ESP32-C6 technical reference manual, chapter 1: RV32IMAC' },
  'Xtensa LX6': { fpu: 'single', simd: 'none', source: 'ESP32 datasheet, CPU and memory' },
  'Xtensa LX7': { fpu: 'single', simd: 'none', source: 'ESP32-S3 datasheet, CPU and memory; its vector instructions are not used' },
  'Xtensa LX7 of ESP32-S2': { ...none, source: 'ESP32-S2 datasheet, CPU and memory' },
  'Xtensa L106': { ...none, source: 'ESP8266EX datasheet, section 3.1' },
};

/** Undefined for the host. */
export const featuresOf = (core: string, chip: string): CoreFeatures | undefined => features[`${core} of ${chip}`] ?? features[core];

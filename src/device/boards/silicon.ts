import { timingOf } from './core-timing';

/**
 * The only cycles on silicon that are published for kernels which can be counted here. Counted: tflite-micro 90b983c2 with
 * CMSIS-NN 4ab83cc3 on a simulated Cortex-M4F. Published: microTVM with CMSIS-NN on a NUCLEO-L4R5ZI (STM32L4R5) at 120 MHz, in
 * cycles (mlcommons/tiny_results, v1.0 to v1.3).
 */
const published = [
  { model: 'image classification (ResNet-8)', counted: 29_864_120, cycles: 46.8e6 },
  { model: 'keyword spotting (DS-CNN)', counted: 7_697_869, cycles: 12.0e6 },
  { model: 'visual wake words', counted: 24_101_937, cycles: 36.1e6 },
  { model: 'anomaly detection', counted: 582_971, cycles: 1.03e6 },
] as const;

/** Of each model: counted instructions times the core's cycles for each, beside what was published; `error` as a share. */
export const siliconErrors = published.map(({ model, counted, cycles }) => {
  const modelled = counted * timingOf('Cortex-M4F', '')!.cyclesPerInstruction.integer.value;
  return { model, counted, modelled, published: cycles, error: modelled / cycles - 1 };
});

const absolute = siliconErrors.map(({ error }) => Math.abs(error));
const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;

/** How far off modelled times have been, as a sentence for every one of them. */
export const siliconSentence = `Beside cycles published for a NUCLEO-L4R5ZI (Cortex-M4F, 120 MHz, four models of MLPerf Tiny) such a time was ${percent(absolute.reduce((a, b) => a + b) / absolute.length)} low in the mean, ${percent(Math.max(...absolute))} at worst: wait states of flash are not in it. Nobody has published any for other cores.`;
